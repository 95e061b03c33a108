import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PullWorld, startPullWorld } from './local-github-pull-world.ts';
import { here, repository } from './local-github-world.ts';

let world: PullWorld;
beforeAll(async () => {
  world = await startPullWorld();
});
afterAll(() => world.stop());

test('only a check of the pinned App, on the head itself, lets a protected branch merge', async () => {
  const pull = await world.openPull();
  const checks = [{ context: 'gatepilot/gate', appId: world.app.appId }];
  await world.control.protectBranch({ repository, branch: 'main', checks });
  await world.control.reportCheck({ repository, sha: pull.headSha, name: 'gatepilot/gate', conclusion: 'success' });
  await expect(world.merge(pull.number)).rejects.toMatchObject({ status: 405 });
  const check = { ...here, name: 'gatepilot/gate', conclusion: 'success' as const };
  await world.asBot.rest.checks.create({ ...check, head_sha: pull.headSha });
  expect(await world.pullState(pull.number)).toMatchObject({ blockedBy: [] });
  const push = { as: 'alice', repository, branch: pull.branch, message: 'More', files: { 'p.txt': '1\n' } };
  const { sha } = await world.control.pushCommit(push);
  await expect(world.merge(pull.number)).rejects.toMatchObject({ status: 405 });
  await expect(world.control.mergePull({ as: 'alice', repository, number: pull.number })).rejects.toMatchObject({
    status: 405,
  });
  await world.asBot.rest.checks.create({ ...check, head_sha: sha });
  await expect(world.merge(pull.number, sha)).resolves.toMatchObject({ status: 200 });
});

test('nobody pushes past a required check, by git or by the API', async () => {
  const { token } = await world.control.createToken({ login: 'alice' });
  const url = `${world.apiUrl}/${repository}.git`;
  await world.git(['clone', '-q', url, 'past'], token);
  await world.git(['-C', 'past', 'commit', '-q', '--allow-empty', '-m', 'Past']);
  const refused = await world.git(['-C', 'past', 'push', 'origin', 'HEAD:main'], token);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('GH006') });
  const push = world.control.pushCommit({
    as: 'alice',
    repository,
    branch: 'main',
    message: 'No',
    files: { no: '1\n' },
  });
  await expect(push).rejects.toMatchObject({ status: 422 });
  await world.control.unprotectBranch({ repository, branch: 'main' });
  expect(await world.git(['-C', 'past', 'push', '-q', 'origin', 'HEAD:main'], token)).toMatchObject({ code: 0 });
});

test('a strict branch wants the head up to date', async () => {
  const pull = await world.openPull();
  await world.control.pushCommit({
    as: 'alice',
    repository,
    branch: 'main',
    message: 'On',
    files: { 'strict.txt': '1\n' },
  });
  await world.control.protectBranch({ repository, branch: 'main', strict: true });
  await expect(world.merge(pull.number)).rejects.toMatchObject({ status: 405 });
  await world.control.unprotectBranch({ repository, branch: 'main' });
  await expect(world.merge(pull.number)).resolves.toMatchObject({ status: 200 });
});

test('answers and webhooks keep to GitHub’s shapes', async () => {
  await world.control.settleDeliveries({});
  expect(await world.readSchemaMistakes()).toEqual([]);
});
