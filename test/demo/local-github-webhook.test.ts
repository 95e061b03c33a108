import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { here, repository, startWorld, type TestWorld } from './local-github-world.ts';

let world: TestWorld;
let number: number;
beforeAll(async () => {
  world = await startWorld();
  number = (await world.control.openIssue({ as: 'alice', repository, title: 'An issue' })).number;
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.control.settleDeliveries({});
  world.webhooks.length = 0;
});

const comment = (body: string, on = number) => world.control.comment({ as: 'alice', repository, number: on, body });
const received = () => world.webhooks.map(({ event, payload }) => `${event}.${payload.action}`);

test('a webhook is signed and says where it comes from', async () => {
  await comment('hello');
  const { headers, signatureIsGood, guid } = await world.webhook('issue_comment.created');
  expect(signatureIsGood).toBe(true);
  expect(guid).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers).toMatchObject({
    'x-github-hook-installation-target-id': String(world.app.appId),
    'x-github-hook-installation-target-type': 'integration',
    'x-github-hook-id': expect.stringMatching(/^\d+$/),
  });
});

test('a comment on a pull request is an issue comment whose issue has a pull request', async () => {
  await world.control.pushCommit({ as: 'alice', repository, branch: 'topic', message: 'T', files: { t: '1\n' } });
  const pull = await world.control.openPull({ as: 'alice', repository, title: 'Topic', head: 'topic' });
  await comment('/pilot run', pull.number);
  const onPull = await world.webhook('issue_comment.created');
  expect(onPull.payload.issue.pull_request).toMatchObject({ url: expect.stringContaining(`/pulls/${pull.number}`) });
  await world.control.label({ as: 'alice', repository, number: pull.number, label: 'bug' });
  await world.webhook('pull_request.labeled');
  await comment('on the issue');
  const onIssue = await world.webhook('issue_comment.created', ({ payload }) => payload.issue.number === number);
  expect(onIssue.payload.issue).not.toHaveProperty('pull_request');
});

test('nothing is sent again by itself, and a redelivery has the same GUID', async () => {
  world.answerWebhooksWith(500);
  await comment('lost');
  await world.control.settleDeliveries({});
  expect(received()).toEqual(['issue_comment.created']);
  world.answerWebhooksWith(200);
  const { data: deliveries } = await world.asApp.rest.apps.listWebhookDeliveries({ per_page: 1 });
  const [failed] = deliveries;
  expect(failed).toMatchObject({ event: 'issue_comment', action: 'created', status_code: 500, redelivery: false });
  await world.asApp.rest.apps.redeliverWebhookDelivery({ delivery_id: failed?.id ?? 0 });
  await world.control.settleDeliveries({});
  expect(world.webhooks.map(({ guid }) => guid)).toEqual([failed?.guid, failed?.guid]);
  const { data: after } = await world.asApp.rest.apps.listWebhookDeliveries({ per_page: 2 });
  expect(after.map(({ guid, status, redelivery }) => ({ guid, status, redelivery }))).toEqual([
    { guid: failed?.guid, status: 'OK', redelivery: true },
    { guid: failed?.guid, status: 'Invalid HTTP Response: 500', redelivery: false },
  ]);
  const { data: whole } = await world.asApp.rest.apps.getWebhookDelivery({ delivery_id: after[0]?.id ?? 0 });
  expect(whole.request.payload).toMatchObject({ action: 'created', comment: { body: 'lost' } });
});

test('the delivery log is read page by page, newest first, and forgets after three days', async () => {
  for (const body of ['1', '2', '3']) await comment(body);
  await world.control.settleDeliveries({});
  const all = await world.asApp.paginate(world.asApp.rest.apps.listWebhookDeliveries, { per_page: 2 });
  const ids = all.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(4);
  expect(ids).toEqual(ids.toSorted((one, other) => other - one));
  expect(new Set(ids).size).toBe(ids.length);
  await world.control.moveClock({ byMs: 3 * 24 * 3_600_000 + 1000 });
  expect((await world.asApp.rest.apps.listWebhookDeliveries()).data).toEqual([]);
  await world.control.moveClock({ byMs: -(3 * 24 * 3_600_000 + 1000) });
});

test('a delivery is dropped, doubled, delayed or held back when a test says so', async () => {
  const { control } = world;
  await control.dropNextDelivery({ event: 'issue_comment', action: 'created' });
  await comment('dropped');
  await control.settleDeliveries({});
  expect(received()).toEqual([]);
  const { deliveries } = await control.readState();
  expect(deliveries.at(-1)).toMatchObject({ event: 'issue_comment', state: 'dropped' });
  await control.redeliver({ deliveryId: deliveries.at(-1)?.id ?? 0 });
  await world.webhook('issue_comment.created', ({ payload }) => payload.comment.body === 'dropped');

  await control.duplicateNextDelivery({ event: '*' });
  await comment('doubled');
  await control.settleDeliveries({});
  const doubled = world.webhooks.filter(({ payload }) => payload.comment.body === 'doubled');
  expect(doubled.map(({ guid }) => guid)).toEqual([doubled[0]?.guid, doubled[0]?.guid]);

  await control.holdNextDelivery({ event: 'issue_comment' });
  await comment('held');
  await comment('not held');
  await world.webhook('issue_comment.created', ({ payload }) => payload.comment.body === 'not held');
  expect(world.webhooks.some(({ payload }) => payload.comment.body === 'held')).toBe(false);
  expect(await control.releaseDeliveries()).toEqual({ released: 1 });
  await world.webhook('issue_comment.created', ({ payload }) => payload.comment.body === 'held');

  await control.delayNextDelivery({ event: 'issue_comment', delayMs: 50 });
  await comment('late');
  await world.webhook('issue_comment.created', ({ payload }) => payload.comment.body === 'late');
});

test('edits, deletions and state changes of issues are told with what changed', async () => {
  const { control } = world;
  const { id } = await comment('first');
  await control.editComment({ as: 'alice', repository, commentId: id, body: 'second' });
  const edited = await world.webhook('issue_comment.edited');
  expect(edited.payload).toMatchObject({ changes: { body: { from: 'first' } }, comment: { body: 'second' } });
  await control.deleteComment({ as: 'alice', repository, commentId: id });
  await world.webhook('issue_comment.deleted');
  await control.editIssue({ as: 'alice', repository, number, title: 'A better title' });
  expect((await world.webhook('issues.edited')).payload).toMatchObject({ changes: { title: { from: 'An issue' } } });
  await control.closeIssue({ as: 'alice', repository, number });
  await world.webhook('issues.closed');
  await control.reopenIssue({ as: 'alice', repository, number });
  await world.webhook('issues.reopened');
  await control.label({ as: 'alice', repository, number, label: 'pilot:run' });
  await world.webhook('issues.labeled');
  await world.asBot.rest.issues.removeLabel({ ...here, issue_number: number, name: 'pilot:run' });
  expect((await world.webhook('issues.unlabeled')).payload.sender).toMatchObject({
    login: 'gate-pilot[bot]',
    type: 'Bot',
  });
});

test('an installation is told to the App, and no webhook of a repository reaches an App that is not on it', async () => {
  const { control } = world;
  await control.pingApp({ appId: world.app.appId });
  await world.webhook('ping');
  await control.createRepository({
    repository: 'acme/second',
    source: { commits: [{ message: 'Begin', files: { a: '1\n' } }] },
  });
  await control.addToInstallation({ installationId: world.installationId, repository: 'acme/second' });
  const added = await world.webhook('installation_repositories.added');
  expect(added.payload.repositories_added).toMatchObject([{ full_name: 'acme/second' }]);
  await control.removeFromInstallation({ installationId: world.installationId, repository: 'acme/second' });
  await world.webhook('installation_repositories.removed');
  await control.settleDeliveries({});
  world.webhooks.length = 0;
  await control.openIssue({ as: 'alice', repository: 'acme/second', title: 'Elsewhere' });
  await control.settleDeliveries({});
  expect(received()).toEqual([]);
});

test('webhooks keep to GitHub’s shapes', async () => {
  await world.control.settleDeliveries({});
  expect(await world.readSchemaMistakes()).toEqual([]);
  await world.control.uninstallApp({ installationId: world.installationId });
  await world.webhook('installation.deleted');
  await expect(world.asBot.rest.repos.get(here)).rejects.toMatchObject({ status: expect.any(Number) });
});
