// The gate says which guarantee holds for its base branch, by the rules that GitHub has when it is shown.
import { beforeEach, expect, it } from 'vitest';
import type { BranchRules } from '../../src/core/model/branch-rules.ts';
import { openRecord } from '../../src/core/model/record.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { pull, sha } from '../core/run/outcome.ts';
import { ready } from '../core/run/place.ts';
import { LaggingGitHub } from '../support/lagging-github.ts';
import { publish } from '../support/publish.ts';
import { repository, WorldOfDecisions } from '../support/world-of-decisions.ts';

let world: WorldOfDecisions;
let github: LaggingGitHub;
let asked: string[];
beforeEach(() => {
  world = ready();
  github = new LaggingGitHub(() => world.now);
  asked = [];
});

async function show(rules: BranchRules | 'away' | undefined) {
  const port: GitHubPort = {
    ...github.toPort(),
    readRepository: async () => ({ defaultBranch: 'main', owner: 'acme', name: 'errors', isFork: false }),
    readBranch: async () => undefined,
    listBranches: async () => [],
    readBranchRules: async (_repository, branch) => {
      asked.push(branch);
      if (rules === 'away') throw new ExternalError({ system: 'github', message: '502', retry: 'soon' });
      return rules;
    },
  };
  await publish(world, port);
  const [check] = github.checks;
  return check;
}

it.each<[string, BranchRules | 'away' | undefined, string, string]>([
  ['a merge queue', { hasMergeQueue: true, wantsUpToDate: false }, 'go through the merge queue', 'not known'],
  ['branches up to date', { hasMergeQueue: false, wantsUpToDate: true }, 'by command or by hand', 'not known'],
  ['neither', { hasMergeQueue: false, wantsUpToDate: false }, 'No ruleset of `main` asks', 'Every merge'],
  ['no rulesets at all', undefined, 'not known at this moment', 'Every merge'],
  ['nothing, since GitHub does not answer', 'away', 'not known at this moment', 'Every merge'],
])('where the rules want %s', async (_, rules, told, untold) => {
  const check = await show(rules);
  expect(check?.state).toEqual({ kind: 'completed', conclusion: 'success' });
  expect(check?.summary).toContain(told);
  expect(check?.summary).not.toContain(untold);
  expect(asked).toEqual(['main']);
  // Nothing is left to be shown, whatever could not be read.
  expect(world.record.presentation.done).toBe(world.record.presentation.wanted);
});

it.each([
  [false, ['main']],
  [true, []],
])(
  'asks for those of a pull request from a fork, and not where that says nothing: %s',
  async (isSameRepository, branches) => {
    world = new WorldOfDecisions();
    world.record = openRecord(repository, 1, { isPullRequest: true, title: 'Add a cache' });
    pull(world, 'opened', { number: 1, headBranch: 'cache', headSha: sha('7'), isSameRepository }).settle();
    await show({ hasMergeQueue: true, wantsUpToDate: false });
    expect(asked).toEqual(branches);
  },
);

it('tells of the race that only a rule of GitHub closes, and that strict settings merge without one nothing', async () => {
  const rules = { hasMergeQueue: false, wantsUpToDate: false };
  expect((await show(rules))?.summary).toContain('found by comparing the merged tree');
  github = new LaggingGitHub(() => world.now);
  world = ready();
  world.run.policy.isStrict = true;
  const strict = (await show(rules))?.summary;
  expect(strict).toContain('The merge command is refused, since `gate.strict`');
  expect(strict).not.toContain('found by comparing');
});
