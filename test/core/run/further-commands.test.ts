// One comment is one command. What else it asks for is named as not run.
import { describe, expect, it } from 'vitest';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, mallory } from './outcome.ts';
import { attempting, ready } from './place.ts';

function listReplies(world: WorldOfDecisions): string[] {
  const { comments } = renderView(world.record);
  return comments.filter(({ marker }) => marker.includes(':reply:')).map(({ body }) => body);
}

const not = 'Only the first command of a comment is run; not run:';

describe('further commands in one comment', () => {
  it('are named on the answer', () => {
    const world = comment(ready(), '/pilot explain\n\n/pilot status\nand\n@gatepilot merge').settle();
    expect(listReplies(world)).toEqual([
      expect.stringMatching(/Run r1[\s\S]*\n\nOnly the first [^\n]* not run: `status`, `merge`\.$/),
    ]);
  });

  it('are named where the sticky comment is the answer, and nothing of them is done', () => {
    const world = comment(new WorldOfDecisions(), '/pilot run\n\n/pilot merge').settle();
    expect(listReplies(world)).toEqual([`@mona ${not} \`merge\`.`]);
    expect(world.record.receipts).toHaveLength(1);
    comment(world, '/pilot status').settle();
    expect(listReplies(world)[0]).toBe(`@mona ${not} \`merge\`.`);
  });

  it('are named where the first has a slip in it, or is for others', () => {
    const [slip] = listReplies(comment(attempting(), '/pilot rnu\n\n/pilot help').settle());
    expect(slip).toContain(`\n\n${not} \`help\`.`);
    const world = attempting();
    world.permissions = { mona: 'read' };
    expect(listReplies(comment(world, '/pilot pause\n\n/pilot help').settle())[0]).toContain(`${not} \`help\`.`);
  });

  it('are quoted as text, a few of them, and counted', () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const lines = [
      'skip @everyone `x`',
      `tell ${secret}`,
      '<!-- gatepilot:sticky:r1 -->',
      'x'.repeat(500),
      'a',
      'b',
      'c',
    ];
    const [reply = ''] = listReplies(
      comment(ready(), ['/pilot status', ...lines.map((line) => `/pilot ${line}`)].join('\n')).settle(),
    );
    const told = reply.slice(reply.indexOf(not));
    expect(told).toContain("`skip @everyone 'x'`");
    expect(told).not.toContain(secret);
    expect(told).toMatch(/ and 2 more\.$/);
    expect(told.length).toBeLessThan(400);
  });

  it('are not told to whoever gets no conversation', () => {
    const strange = comment(ready(), '/pilot status\n\n/pilot merge', { actor: mallory, association: 'NONE' }).settle();
    expect(listReplies(strange)).toEqual([]);
  });

  it('of a comment with one command are none', () => {
    expect(listReplies(comment(ready(), '/pilot status').settle())[0]).not.toContain(not);
    expect(listReplies(comment(ready(), '/pilot stop\n\n/pilot run').settle())[0]).not.toContain(not);
  });
});
