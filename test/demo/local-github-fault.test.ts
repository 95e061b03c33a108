import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ControlRefused } from '../../src/demo/github/control-client.ts';
import { here, repository, startWorld, type TestWorld } from './local-github-world.ts';

let world: TestWorld;
let number: number;
beforeAll(async () => {
  world = await startWorld();
  number = (await world.control.openIssue({ as: 'alice', repository, title: 'An issue' })).number;
});
afterAll(() => world.stop());
beforeEach(() => world.control.clearFaults());

const post = (body: string) => world.asBot.rest.issues.createComment({ ...here, issue_number: number, body });
const onComment = 'POST /repos/*/issues/*/comments';

async function bodies(): Promise<string[]> {
  const { repositories } = await world.control.readState();
  const issue = repositories[0]?.issues.find((one) => one.number === number);
  return issue?.comments.map(({ body }) => body) ?? [];
}

test('a 502 after the write leaves the comment, one before it leaves none', async () => {
  await world.control.injectFault({ route: onComment, effect: { kind: 'bad_gateway', when: 'after' } });
  await expect(post('stays')).rejects.toMatchObject({ status: 502 });
  await world.control.injectFault({ route: onComment, effect: { kind: 'bad_gateway', when: 'before' } });
  await expect(post('never was')).rejects.toMatchObject({ status: 502 });
  expect(await bodies()).toContain('stays');
  expect(await bodies()).not.toContain('never was');
});

test('rate limits come with what a client needs to wait, as often as asked for', async () => {
  await world.control.injectFault({ route: onComment, count: 2, effect: { kind: 'rate_limit', retryAfterSeconds: 7 } });
  for (const body of ['one', 'two']) {
    await expect(post(body)).rejects.toMatchObject({
      status: 429,
      response: { headers: { 'retry-after': '7', 'x-ratelimit-remaining': '0' } },
    });
  }
  await expect(post('three')).resolves.toMatchObject({ status: 201 });
  await world.control.injectFault({ route: '* *', effect: { kind: 'secondary_limit' } });
  await expect(post('four')).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('secondary rate limit'),
  });
});

test('the hourly limit tells the moment of its reset, and nothing of waiting', async () => {
  await world.control.injectFault({ route: onComment, effect: { kind: 'primary_limit', resetAfterSeconds: 30 } });
  const refused = await post('five').catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 403, response: { headers: { 'x-ratelimit-remaining': '0' } } });
  expect(refused).not.toHaveProperty('response.headers.retry-after');
  const inSeconds =
    Number((refused as { response: { headers: Record<string, string> } }).response.headers['x-ratelimit-reset']) -
    Date.now() / 1000;
  expect(Math.round(inSeconds / 10)).toBe(3);
});

test('an outage answers every request of the App 503 and no person', async () => {
  await world.control.setOutage({ isDown: true });
  await expect(post('six')).rejects.toMatchObject({ status: 503 });
  await expect(world.asApp.rest.apps.getAuthenticated()).rejects.toMatchObject({ status: 503 });
  const { token } = await world.control.createToken({ login: 'alice' });
  await expect(world.as(token).rest.repos.get(here)).resolves.toMatchObject({ status: 200 });
  await world.control.setOutage({ isDown: false });
  await expect(post('six')).resolves.toMatchObject({ status: 201 });
});

test('a cut connection is no answer, whether the write happened or not', async () => {
  for (const when of ['before', 'after'] as const) {
    await world.control.injectFault({ route: onComment, effect: { kind: 'cut', when } });
    await expect(post(`cut ${when}`)).rejects.toMatchObject({ status: 500, response: undefined });
  }
  expect((await bodies()).filter((body) => body.startsWith('cut'))).toEqual(['cut after']);
});

test('lists lag behind writes for as long as they are told to', async () => {
  const list = async () =>
    (await world.asBot.rest.issues.listComments({ ...here, issue_number: number, per_page: 100 })).data;
  await world.control.setListLag({ lagMs: 60_000 });
  const { data } = await post('not listed yet');
  expect((await list()).map(({ id }) => id)).not.toContain(data.id);
  await expect(world.asBot.rest.issues.getComment({ ...here, comment_id: data.id })).resolves.toMatchObject({
    status: 200,
  });
  await world.control.setListLag({ lagMs: 0 });
  expect((await list()).map(({ id }) => id)).toContain(data.id);
});

test('requests are counted by route and status, those without an answer as 0', async () => {
  const after = (await world.control.readRequests({})).at(-1)?.index ?? 0;
  await post('counted');
  await world.control.injectFault({ route: onComment, effect: { kind: 'cut', when: 'before' } });
  await expect(post('cut')).rejects.toThrow();
  const counts = await world.control.countRequests({ after });
  expect(counts['POST /repos/{owner}/{repo}/issues/{issue_number}/comments']).toEqual({ 0: 1, 201: 1 });
});

test('a timeout never answers, and a slow answer is a late one', async () => {
  await world.control.injectFault({ route: onComment, effect: { kind: 'timeout', when: 'after' } });
  const { change } = await world.control.readState();
  const given = new AbortController();
  const request = { ...here, issue_number: number, body: 'unanswered', request: { signal: given.signal } };
  const unanswered = world.asBot.rest.issues.createComment(request);
  unanswered.catch(() => {});
  await world.control.readChanges({ after: change, waitMs: 10_000 });
  expect(await bodies()).toContain('unanswered');
  given.abort();
  await expect(unanswered).rejects.toThrow();
  await world.control.injectFault({ route: onComment, effect: { kind: 'slow', delayMs: 200 } });
  const startedAt = performance.now();
  await post('slow');
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(190);
});

test('a request can be held before it has any effect, and goes on when the fault is ended', async () => {
  const { faultId } = await world.control.injectFault({ route: onComment, effect: { kind: 'held' } });
  const held = post('held');
  await post('beside it');
  expect(await bodies()).not.toContain('held');
  await world.control.endFault({ faultId });
  await held;
  expect(await bodies()).toContain('held');
  await expect(world.control.endFault({ faultId })).rejects.toMatchObject({ status: 404 });
});

test('faults hit the bot only, and git too', async () => {
  await world.control.injectFault({ route: '* *', count: 5, effect: { kind: 'bad_gateway', when: 'before' } });
  const { token: own } = await world.control.createToken({ login: 'alice' });
  await expect(world.as(own).rest.repos.get(here)).resolves.toMatchObject({ status: 200 });
  await world.control.clearFaults();
  const token = await botToken();
  await world.control.injectFault({
    route: 'GET /{owner}/{repo}.git/info/refs',
    effect: { kind: 'bad_gateway', when: 'before' },
  });
  const url = `${world.apiUrl}/${repository}.git`;
  expect(await world.git(['ls-remote', url], token)).toMatchObject({
    code: 128,
    stderr: expect.stringContaining('502'),
  });
  expect(await world.git(['ls-remote', url], token)).toMatchObject({ code: 0 });
});

async function botToken(): Promise<string> {
  const options = { installation_id: world.installationId };
  return (await world.asApp.rest.apps.createInstallationAccessToken(options)).data.token;
}

test('the n-th write happens and its answer is kept back until it is released', async () => {
  const { holdId } = await world.control.holdAfterWrite({ n: 2 });
  await post('passes');
  await world.asBot.rest.issues.get({ ...here, issue_number: number });
  const held = post('held');
  const entry = await world.control.awaitHeld({ holdId });
  expect(entry).toMatchObject({ method: 'POST', requestBody: { body: 'held' }, held: 'waiting' });
  expect(await bodies()).toContain('held');
  await post('another one passes meanwhile');
  await world.control.releaseHeld({ holdId });
  await expect(held).resolves.toMatchObject({ status: 201 });
});

test('a dropped answer is a cut connection, and a request that failed is no write', async () => {
  const { holdId } = await world.control.holdAfterWrite({ n: 1 });
  await expect(post('')).rejects.toMatchObject({ status: 422 });
  const lost = post('happened');
  // Looked at below; until then it is nobody's unhandled rejection.
  lost.catch(() => {});
  await world.control.awaitHeld({ holdId });
  await world.control.dropHeld({ holdId });
  await expect(lost).rejects.not.toMatchObject({ status: 201 });
  expect(await bodies()).toContain('happened');
});

test('a push is held like any other write', async () => {
  const token = await botToken();
  const url = `${world.apiUrl}/${repository}.git`;
  await world.git(['clone', '-q', url, 'held'], token);
  const { holdId } = await world.control.holdAfterWrite({ n: 1 });
  const push = world.git(['-C', 'held', 'push', 'origin', 'HEAD:refs/heads/held'], token);
  await world.control.awaitHeld({ holdId });
  const { repositories } = await world.control.readState();
  expect(repositories[0]?.branches).toHaveProperty('held');
  await world.control.dropHeld({ holdId });
  expect((await push).code).not.toBe(0);
});

test('waiting for what does not come ends', async () => {
  const { holdId } = await world.control.holdAfterWrite({ n: 1 });
  const refused = await world.control.awaitHeld({ holdId, timeoutMs: 20 }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ControlRefused);
  expect(refused).toMatchObject({ status: 408 });
  await world.control.dropHeld({ holdId });
});

test('a route that is not implemented says so, and is remembered', async () => {
  const request = { ...here, retry_count: 0 };
  await expect(world.asBot.request('GET /repos/{owner}/{repo}/milestones', request)).rejects.toMatchObject({
    status: 501,
    message: expect.stringContaining('GET /repos/acme/widget/milestones'),
  });
  await fetch(`${world.apiUrl}/api/graphql`, { method: 'POST', body: '{}' });
  const unimplemented = await world.control.readUnimplemented();
  expect(unimplemented.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
    'GET /repos/acme/widget/milestones',
    'POST /api/graphql',
  ]);
});

test('changes can be followed', async () => {
  const { change } = await world.control.readState();
  const next = world.control.readChanges({ after: change, waitMs: 10_000 });
  await world.control.comment({ as: 'alice', repository, number, body: 'followed' });
  const { changes } = await next;
  expect(changes[0]).toMatchObject({
    id: change + 1,
    kind: 'issue_comment.created',
    repository,
    number,
    actor: 'alice',
  });
});
