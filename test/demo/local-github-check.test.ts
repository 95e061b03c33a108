import { afterAll, beforeAll, expect, test } from 'vitest';
import { here, repository, startWorld, type TestWorld } from './local-github-world.ts';

let world: TestWorld;
let sha: string;
beforeAll(async () => {
  world = await startWorld();
  const push = { as: 'alice', repository, branch: 'topic', message: 'Topic', files: { t: '1\n' } };
  sha = (await world.control.pushCommit(push)).sha;
  await world.control.openPull({ as: 'alice', repository, title: 'Topic', head: 'topic' });
});
afterAll(() => world.stop());

async function createCheck(options: Record<string, unknown> = {}) {
  const { data } = await world.asBot.rest.checks.create({ ...here, name: 'gatepilot/gate', head_sha: sha, ...options });
  return data;
}

function output(count: number) {
  const annotations = Array.from({ length: count }, (_, index) => ({
    path: 't',
    start_line: index + 1,
    end_line: index + 1,
    annotation_level: 'notice' as const,
    message: `note ${index + 1}`,
  }));
  return { title: 'Gate', summary: 'Why not yet', annotations };
}

test('a push of a branch makes a suite for every App that writes checks', async () => {
  const requested = await world.webhook('check_suite.requested', ({ payload }) => payload.check_suite.head_sha === sha);
  expect(requested.payload.check_suite).toMatchObject({ head_branch: 'topic', app: { id: world.app.appId } });
  const { data } = await world.asBot.rest.checks.listSuitesForRef({ ...here, ref: 'topic' });
  expect(data.total_count).toBe(1);
});

test('annotations of several updates add up, and titles replace', async () => {
  const check = await createCheck({ output: output(2) });
  await world.asBot.rest.checks.update({ ...here, check_run_id: check.id, output: { ...output(3), title: 'Later' } });
  const { data } = await world.asBot.rest.checks.listAnnotations({ ...here, check_run_id: check.id });
  expect(data.map(({ message }) => message)).toEqual(['note 1', 'note 2', 'note 1', 'note 2', 'note 3']);
  const { data: now } = await world.asBot.rest.checks.get({ ...here, check_run_id: check.id });
  expect(now.output).toMatchObject({ title: 'Later', annotations_count: 5 });
});

test('a conclusion completes the run whatever status was sent', async () => {
  const check = await createCheck({ status: 'in_progress' });
  const { data } = await world.asBot.rest.checks.update({ ...here, check_run_id: check.id, conclusion: 'failure' });
  expect(data).toMatchObject({ status: 'completed', conclusion: 'failure', completed_at: expect.any(String) });
  const reopened = await world.asBot.rest.checks.update({ ...here, check_run_id: check.id, status: 'in_progress' });
  expect(reopened.data).toMatchObject({ status: 'in_progress', conclusion: null, completed_at: null });
});

test('GitHub’s limits are kept', async () => {
  await expect(createCheck({ output: output(51) })).rejects.toMatchObject({ status: 422 });
  await expect(createCheck({ output: { title: 'x', summary: 'x'.repeat(65_536) } })).rejects.toMatchObject({
    status: 422,
  });
  const button = (identifier: string) => ({ label: 'Stop', description: 'Stop the run', identifier });
  await expect(createCheck({ actions: [button('x'.repeat(21))] })).rejects.toMatchObject({ status: 422 });
  await expect(createCheck({ actions: ['a', 'b', 'c', 'd'].map(button) })).rejects.toMatchObject({ status: 422 });
  await expect(createCheck({ head_sha: '1'.repeat(40) })).rejects.toMatchObject({ status: 422 });
});

test('a button and a re-request reach the App, and change nothing by themselves', async () => {
  const actions = [{ label: 'Stop', description: 'Stop the run', identifier: 'stop' }];
  const check = await createCheck({ conclusion: 'failure', actions });
  const by = { as: 'alice', repository, checkRunId: check.id };
  await world.control.clickCheckAction({ ...by, identifier: 'stop' });
  const clicked = await world.webhook('check_run.requested_action');
  expect(clicked.payload).toMatchObject({
    requested_action: { identifier: 'stop' },
    check_run: { id: check.id },
    sender: { login: 'alice' },
  });
  await world.control.rerequestCheck(by);
  await world.webhook('check_run.rerequested', ({ payload }) => payload.check_run.id === check.id);
  const { data } = await world.asBot.rest.checks.get({ ...here, check_run_id: check.id });
  expect(data).toMatchObject({ status: 'completed', conclusion: 'failure' });
  await expect(world.control.clickCheckAction({ ...by, identifier: 'other' })).rejects.toMatchObject({ status: 422 });
  await expect(world.control.rerequestCheck({ ...by, as: 'stranger' })).rejects.toMatchObject({ status: 404 });
  await world.control.rerequestSuite({ as: 'alice', repository, checkSuiteId: check.check_suite?.id ?? 0 });
  await world.webhook('check_suite.rerequested');
});

test('a run belongs to its App: others see it end, and cannot change it', async () => {
  const { checkRunId } = await world.control.reportCheck({ repository, sha, name: 'ci', conclusion: 'failure' });
  const ended = await world.webhook('check_run.completed', ({ payload }) => payload.check_run.id === checkRunId);
  expect(ended.payload.check_run).toMatchObject({
    name: 'ci',
    app: { slug: 'ci' },
    pull_requests: [{ head: { sha } }],
  });
  const update = { ...here, check_run_id: checkRunId, conclusion: 'success' as const };
  await expect(world.asBot.rest.checks.update(update)).rejects.toMatchObject({ status: 403 });
});

test('lists hold the newest run of each name, or all', async () => {
  const first = await createCheck({ name: 'twice' });
  const second = await createCheck({ name: 'twice' });
  const list = async (filter: 'latest' | 'all') => {
    const { data } = await world.asBot.rest.checks.listForRef({ ...here, ref: sha, check_name: 'twice', filter });
    return data.check_runs.map(({ id }) => id);
  };
  expect(await list('latest')).toEqual([second.id]);
  expect(await list('all')).toEqual([second.id, first.id]);
});

test('answers and webhooks keep to GitHub’s shapes', async () => {
  await world.control.settleDeliveries({});
  expect(await world.readSchemaMistakes()).toEqual([]);
});
