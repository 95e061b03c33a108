// What rulesets want of whoever merges. Classic protection is not told to an App without administration.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Repository } from '../../src/core/model/subject.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { createGitHub } from '../../src/github/create-github.ts';
import { here, startWorld, type TestWorld } from '../demo/local-github-world.ts';

let world: TestWorld;
let github: GitHubPort;
let repository: Repository;
const checks = [{ context: 'gatepilot/gate' }];

beforeAll(async () => {
  world = await startWorld();
  const { appId, privateKey } = world.app;
  github = createGitHub({ appId, privateKey, apiUrl: `${world.apiUrl}/api/v3`, gitRoot: world.apiUrl });
  const { data } = await world.asBot.rest.repos.get(here);
  repository = { host: 'git.test', id: data.id, owner: 'acme', name: 'widget', installationId: world.installationId };
});
afterAll(() => world.stop());

const read = () => github.readBranchRules(repository, 'main');

it('tells of a merge queue and of branches that have to be up to date, each by itself', async () => {
  const protect = (more: { readonly strict?: boolean; readonly mergeQueue?: boolean }) =>
    world.control.protectBranch({ repository: 'acme/widget', branch: 'main', checks, ruleset: true, ...more });
  await protect({});
  expect(await read()).toEqual({ hasMergeQueue: false, wantsUpToDate: false });
  await protect({ strict: true });
  expect(await read()).toEqual({ hasMergeQueue: false, wantsUpToDate: true });
  await protect({ mergeQueue: true });
  expect(await read()).toEqual({ hasMergeQueue: true, wantsUpToDate: false });
});

it('does not see classic protection', async () => {
  await world.control.protectBranch({ repository: 'acme/widget', branch: 'main', checks, strict: true });
  expect(await read()).toEqual({ hasMergeQueue: false, wantsUpToDate: false });
});

it('knows nothing where the server does not', async () => {
  expect(await github.readBranchRules({ ...repository, name: 'nowhere' }, 'main')).toBeUndefined();
});
