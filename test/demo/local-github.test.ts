import { afterAll, beforeAll, expect, test } from 'vitest';
import { here, repository, startWorld, type TestWorld } from './local-github-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

test('a run from label to merge, as a bot goes through it', async () => {
  const { control, asBot, asApp, git } = world;
  const issue = await control.openIssue({ as: 'alice', repository, title: 'Say more', body: 'Please say more.' });
  await control.label({ as: 'alice', repository, number: issue.number, label: 'pilot:run' });
  const labeled = await world.webhook('issues.labeled');
  expect(labeled.payload).toMatchObject({
    label: { name: 'pilot:run' },
    issue: { number: issue.number, labels: [{ name: 'pilot:run' }] },
    installation: { id: world.installationId },
    sender: { login: 'alice', type: 'User' },
  });

  const permission = await asBot.rest.repos.getCollaboratorPermissionLevel({ ...here, username: 'alice' });
  expect(permission.data).toMatchObject({ permission: 'write', role_name: 'write' });

  const { data: token } = await asApp.rest.apps.createInstallationAccessToken({
    installation_id: world.installationId,
    repositories: [here.repo],
    permissions: { contents: 'write' },
  });
  const url = `${world.apiUrl}/${repository}.git`;
  expect(await git(['clone', '--depth', '1', url, 'work'], token.token)).toMatchObject({ code: 0 });
  await git(['-C', 'work', 'checkout', '-q', '-b', 'gatepilot/1/a']);
  await git(['-C', 'work', 'commit', '-q', '--allow-empty', '-m', 'Say more']);
  expect(await git(['-C', 'work', 'push', '-q', 'origin', 'gatepilot/1/a'], token.token)).toMatchObject({ code: 0 });
  const pushed = await world.webhook('push', ({ payload }) => payload.ref === 'refs/heads/gatepilot/1/a');
  const { stdout: sha } = await git(['-C', 'work', 'rev-parse', 'HEAD']);
  expect(pushed.payload).toMatchObject({ created: true, after: sha, pusher: { name: 'gate-pilot[bot]' } });
  await world.webhook('create', ({ payload }) => payload.ref === 'gatepilot/1/a');

  const pull = await asBot.rest.pulls.create({
    ...here,
    head: 'gatepilot/1/a',
    base: 'main',
    title: 'Say more',
    body: `Fixes #${issue.number}`,
  });
  expect(pull.data).toMatchObject({ head: { sha }, user: { login: 'gate-pilot[bot]', type: 'Bot' }, commits: 1 });

  await control.protectBranch({
    repository,
    branch: 'main',
    checks: [{ context: 'gatepilot/gate', appId: world.app.appId }],
  });
  const merge = () => asBot.rest.pulls.merge({ ...here, pull_number: pull.data.number, sha });
  await expect(merge()).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('Required status check "gatepilot/gate" is expected.'),
  });
  const check = await asBot.rest.checks.create({
    ...here,
    name: 'gatepilot/gate',
    head_sha: sha,
    status: 'in_progress',
  });
  await expect(merge()).rejects.toMatchObject({ status: 405 });
  await asBot.rest.checks.update({ ...here, check_run_id: check.data.id, conclusion: 'success' });
  await world.webhook('check_run.completed');
  const merged = await merge();

  const closed = await world.webhook('pull_request.closed');
  expect(closed.payload.pull_request).toMatchObject({ merged: true, merge_commit_sha: merged.data.sha });
  await world.webhook('issues.closed', ({ payload }) => payload.issue.number === issue.number);
  const main = await asBot.rest.git.getRef({ ...here, ref: 'heads/main' });
  expect(main.data.object.sha).toBe(merged.data.sha);
});

test('everything that was answered and sent is in GitHub’s published shape, and every route asked for exists', async () => {
  await world.control.settleDeliveries({});
  expect(await world.readSchemaMistakes()).toEqual([]);
  expect(await world.control.readUnimplemented()).toEqual([]);
  const { deliveries, requests } = await world.control.readState();
  expect(deliveries.length).toBeGreaterThan(10);
  expect(requests.length).toBeGreaterThan(10);
});
