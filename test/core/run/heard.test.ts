// What became of what was delivered: `explain delivery` answers why something did or did not happen.
import { describe, expect, it } from 'vitest';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, label, mallory, mona } from './outcome.ts';
import { attempting, failedEarly } from './place.ts';

const robot = { id: 5, login: 'other[bot]', kind: 'bot' } as const;

function explained(world: WorldOfDecisions, about: string): { state: string | undefined; lines: string[] } {
  comment(world, `/pilot explain ${about}`).settle();
  const receipt = world.findReceipt('explain');
  return { state: receipt?.state.kind, lines: (receipt?.reply ?? '').split('\n') };
}

describe('explain', () => {
  it('of deliveries lists the newest with what became of each', () => {
    const world = new WorldOfDecisions();
    label(world, 'pilot:wrong');
    label(world, 'pilot:run', robot);
    label(world, 'pilot:run', mallory);
    comment(world, 'Thank you!', { deliveryId: 'guid-of-thanks' });
    comment(world, '/pilot run', { deliveryId: 'guid-of-run' });
    comment(world, '/pilot run do more');
    world.settle();
    world.put({ kind: 'issue_edited', deliveryId: 'guid-of-edit', title: 'Another', actor: mona }).settle();
    const { state, lines } = explained(world, 'delivery');
    expect(state).toBe('done');
    expect(
      lines.filter((line) => line.startsWith('- ')).map((line) => line.replace(/^- \S+ \S+ UTC, /, '')),
    ).toMatchInlineSnapshot(`
      [
        "issue edited by @​mona (\`guid-of-edit\`): what it says is read again where something hangs on it",
        "comment 1011 by @​mona (\`1011\`): \`run\` was refused: Run r1 is already working here and cannot take a new instruction; stop it first.",
        "comment 1009 by @​mona (\`guid-of-run\`): \`run\` was started, and at work",
        "comment 1007 by @​mona (\`guid-of-thanks\`): it holds no line that is a command",
        "label "pilot:run" by @​mallory (\`delivery-5\`): \`run\` was refused: The label \\\`pilot:run\\\` is heard only from people with write permission.",
        "label "pilot:run" by @​other\\[bot\\] (\`delivery-3\`): labels that bots put on start nothing",
        "label "pilot:wrong" by @​mona (\`delivery-1\`): this label is no command",
      ]
    `);
  });

  it('of one delivery or comment says what became of it, and follows it to its end', () => {
    const world = attempting();
    const [run] = world.record.heard ?? [];
    const id = run?.ids.at(-1) ?? '';
    expect(explained(world, id).lines).toEqual([expect.stringContaining('`run` was started, and at work')]);
    comment(world, '/pilot stop', { commentId: 77, deliveryId: 'ABC-DEF' }).settle();
    expect(explained(world, id).lines).toEqual([expect.stringContaining('`run` was done')]);
    for (const about of ['77', 'abc-def'])
      expect(explained(world, about).lines).toEqual([expect.stringMatching(/comment 77 by .*: `stop` was done$/)]);
  });

  it('of one that nobody remembers says why that may be', () => {
    const { state, lines } = explained(new WorldOfDecisions(), '72d3162e-cc78-11e3');
    expect(state).toBe('refused');
    expect(lines[0]).toContain('Nothing with the id `72d3162e-cc78-11e3` is remembered here. What asks nothing');
    expect(explained(failedEarly(), '72d3162e').lines[0]).toContain('no delivery that is remembered');
  });

  it('remembers no more than there is use for, and no text of theirs unquoted', () => {
    const world = attempting();
    for (let count = 0; count < 60; count += 1) label(world, `pilot:@octocat <b>${count}`).settle();
    expect(world.record.heard).toHaveLength(20);
    const text = explained(world, 'delivery').lines.join('\n');
    expect(text).toContain('pilot:@\u200boctocat &lt;b&gt;59');
  });
});
