// The gate of a fork's pull request says what vouching for its head would allow, where that changes anything, and the command.
import { expect, it } from 'vitest';
import { readOtherPulls } from '../../../src/core/gate/evaluate-observed.ts';
import type { BranchRules } from '../../../src/core/model/branch-rules.ts';
import { openRecord } from '../../../src/core/model/record.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { repository, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, finding, plannedReview, pull, reports, sha } from '../run/outcome.ts';

const head = sha('7');
const queue: BranchRules = { hasMergeQueue: true, wantsUpToDate: false };
const command = (word: string) => `\`/${word} vouch ${head}\``;

function onPull({ isSameRepository = false } = {}): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.record = openRecord(repository, 1, { isPullRequest: true, title: 'Add a cache' });
  const shape = { headBranch: 'cache', isSameRepository, isOurs: false, isDraft: false };
  world.pull = { number: 1, head, branch: 'main', base: sha('8'), state: 'open', ...shape };
  return pull(world, 'opened', { number: 1, headBranch: 'cache', headSha: head, isSameRepository }).settle();
}

function say(world: WorldOfDecisions, policyText: string, rules?: BranchRules): string | undefined {
  const branchRules = new Map(rules ? [['main', rules]] : []);
  const surroundings = { outbox: [], now: world.now, otherPulls: readOtherPulls({ policyText }), branchRules };
  return renderView(world.record, surroundings).checks[0]?.summary;
}

const wanted = 'gate: { other_prs: review }';

it('names it where a review is wanted', () => {
  expect(say(onPull(), wanted)).toContain(
    `${command('pilot')} would let reviewers work in it in sandboxes instead of reading it as text.`,
  );
  expect(say(onPull(), `${wanted}\ncommand: { slash: bot }`)).toContain(command('bot'));
});

it('names it where a merge queue may hold it', () => {
  expect(say(onPull(), '', queue)).toContain(
    `${command('pilot')} would let a commit of the merge queue that holds it be verified where a run made something else in that.`,
  );
  expect(say(onPull(), 'command: { slash: bot }', queue)).toContain(command('bot'));
  const both = say(onPull(), wanted, queue);
  expect(both).toContain('would let reviewers work in it in sandboxes instead of reading it as text, and a commit');
  expect(both?.match(/vouch 7/g)).toHaveLength(1);
});

it('is silent where it would change nothing', () => {
  const none: BranchRules = { hasMergeQueue: false, wantsUpToDate: true };
  expect(say(onPull(), '', none)).not.toContain('/pilot vouch');
  expect(say(onPull(), '')).not.toContain('/pilot vouch');
  expect(say(onPull({ isSameRepository: true }), wanted, queue)).not.toContain('/pilot vouch');
  const vouched = onPull();
  vouched.record.vouchedHead = { by: 'mona', head, at: 1 };
  expect(say(vouched, wanted, queue)).not.toContain('/pilot vouch');
  vouched.record.vouchedHead = { by: 'mona', head: sha('6'), at: 1 };
  expect(say(vouched, wanted, queue)).toContain(command('pilot'));
});

it('is silent of reviewers where one is under way, is through or has found something: only the queue is left', () => {
  const begun = () => comment(onPull(), '/pilot review').settle().finish('plan', plannedReview());
  const passed = begun().finish('attempt', reports([]));
  const found = begun().finish('attempt', reports([finding]));
  for (const world of [begun(), passed, found]) {
    expect(say(world, wanted)).not.toContain('/pilot vouch');
    expect(say(world, wanted, queue)).not.toContain('reviewers work');
  }
});
