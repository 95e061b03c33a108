// What is told of the gate of a pull request that no run made, or that outlived its run: what its check says.
import { describe, expect, it } from 'vitest';
import { openRecord } from '../../../src/core/model/record.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { repository, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, label, pull, sha } from './outcome.ts';
import { landed, ready } from './place.ts';

/** Somebody's pull request, in a repository that wants such ones to be reviewed. */
function opened(otherPulls: 'review' | 'observe' = 'review'): WorldOfDecisions {
  const world = new WorldOfDecisions();
  if (world.facts) world.facts = { ...world.facts, policyText: `gate: { other_prs: ${otherPulls} }` };
  world.record = openRecord(repository, 1, { isPullRequest: true, title: 'Add a cache' });
  world.pull = {
    ...{ number: 1, head: sha('7'), branch: 'main', base: sha('8'), state: 'open', headBranch: 'cache' },
    ...{ isSameRepository: true, isDraft: false, isOurs: false },
  };
  return pull(world, 'opened', { number: 1, headBranch: 'cache', headSha: sha('7') }).settle();
}

function ask(world: WorldOfDecisions, body: string): string {
  const { state, reply } = comment(world, body).settle().record.receipts.at(-1) ?? {};
  expect(state?.kind).toBe('done');
  return reply ?? '';
}

const questions = ['/pilot explain gate', '/pilot explain', '/pilot status'];

describe.each(questions)('of a pull request that no run made, %s', (question) => {
  it('says that it is not reviewed, and by which command it is', () => {
    const reply = ask(opened(), question);
    expect(reply).toContain('- ⛔ **review**: It is not reviewed yet');
    expect(reply).toContain('`/pilot review` asks for it');
    expect(reply).not.toContain('No run was started here yet');
  });

  it('says that somebody holds it', () => {
    const world = label(opened('observe'), 'pilot:hold').settle();
    expect(ask(world, question)).toContain('⛔ **hold**');
  });

  it('says that the settings let it pass', () => {
    expect(ask(opened('observe'), question)).toContain('- ✅ **settings**: No run made this pull request');
  });

  it('says that a review is under way', () => {
    const world = comment(opened(), '/pilot review').settle();
    const reply = ask(world, question);
    expect(reply).toContain('- ⏳ **review**: The review, run r1, is under way.');
    expect(reply).not.toContain('There is no pull request yet');
  });

  it('does not pretend where the settings could not be read', () => {
    const world = opened('observe');
    world.facts = undefined;
    expect(ask(world, question)).toContain('⏳ **settings**: The settings of this repository could not be read');
  });

  it('says that it is closed', () => {
    const world = opened();
    world.pull = undefined;
    pull(world, 'closed', { number: 1, headBranch: 'cache', headSha: sha('7') }).settle();
    expect(ask(world, question)).toContain('Pull request #1 is closed.');
  });
});

it('of a thread that is no pull request nothing is told of a gate', () => {
  expect(ask(new WorldOfDecisions(), '/pilot explain gate')).toBe('No run was started here yet.');
  expect(ask(new WorldOfDecisions(), '/pilot status')).toBe('No run was started here yet.');
});

it('of a pull request that outlived its run it says what its check says', () => {
  const world = landed();
  delete world.record.run;
  world.record.archived = [{ id: 'r1', state: 'merged', startedAt: 0, endedAt: 0 } as never];
  world.pulls = { 9: { headSha: sha('5'), baseBranch: 'main', state: 'open', isOurs: true } };
  pull(world, 'synchronize', { headSha: sha('5') }).settle();
  const [check] = renderView(world.record).checks.filter(({ headSha }) => headSha === sha('5'));
  expect(check?.state).toMatchObject({ conclusion: 'action_required' });
  for (const question of questions) {
    const reply = ask(world, question);
    expect(reply).toContain('Run r1 is archived');
    expect(reply).toContain(`- ⛔ **run**: ${check?.summary}`);
  }
});

it("of a run's own pull request it says what the gate of the run says, once", () => {
  const reply = ask(ready(), '/pilot explain gate');
  expect(reply.match(/\*\*gate\*\*/g)).toHaveLength(1);
});
