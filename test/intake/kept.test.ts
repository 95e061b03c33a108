// What an accepted delivery leaves behind: one event of the right subject, kept before the answer, however often it comes.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRecord } from '../../src/core/model/record.ts';
import { toChoresId, toSubjectId } from '../../src/core/model/subject.ts';
import { redisPrefix } from '../../src/process/open-foundation.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { appId, host, type IntakeStage, startIntake } from './intake-stage.ts';
import {
  checkPayload,
  commentPayload,
  installationId,
  labelPayload,
  mona,
  otherBot,
  ourBot,
  pullPayload,
  reviewCommentPayload,
  reviewPayload,
} from './payload.ts';

let redis: TestRedis;
let stage: IntakeStage;
beforeAll(async () => {
  redis = await startTestRedis();
  stage = await startIntake(redis.url);
});
afterAll(async () => {
  await stage.stop();
  await redis.stop();
});

let repositories = 0;
/** A repository that no other test of this file writes to. */
function nextRepository(): number {
  repositories += 1;
  return 1000 + repositories;
}

async function readInbox(repositoryId: number, number: number) {
  const { inbox } = await stage.load(repositoryId, number);
  return inbox.map(({ event }) => event);
}

/** Everything that was kept for a repository, by the number of its thread. */
async function readSubjects(repositoryId: number): Promise<string[]> {
  const prefix = `${redisPrefix}:subject:${host}/${repositoryId}/`;
  return (await stage.keys()).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

it('keeps the event before it answers, and its subject is due', async () => {
  const repositoryId = nextRepository();
  const before = Date.now();
  const answer = await stage.deliver({
    name: 'issues',
    id: 'first',
    payload: labelPayload({ repositoryId, number: 7 }),
  });
  expect(answer).toEqual({ status: 200, text: 'kept\n' });
  const { inbox, record } = await stage.load(repositoryId, 7);
  expect(record).toBeUndefined();
  expect(inbox).toMatchObject([
    {
      eventId: 'delivery/first/0',
      repository: { host, id: repositoryId, owner: 'acme', name: 'world', installationId },
      event: {
        kind: 'labelled',
        deliveryId: 'first',
        label: 'pilot:run',
        thread: 7,
        isPullRequest: false,
        title: 'A title',
        actor: { id: mona.id, login: 'mona', kind: 'person' },
      },
    },
  ]);
  const subject = toSubjectId(host, repositoryId, 7);
  const due = Number(await redis.connect().zscore(`${redisPrefix}:due`, subject));
  expect(due).toBeGreaterThanOrEqual(before - 1000);
  expect(due).toBeLessThanOrEqual(Date.now() + 1000);
  // The wake is a job as well, so that nobody waits for the sweeper.
  expect(await redis.connect().exists(`${redisPrefix}:advance:de:${subject}`)).toBe(1);
});

it('takes one delivery twice as one', async () => {
  const repositoryId = nextRepository();
  const delivery = { name: 'issues', id: randomUUID(), payload: labelPayload({ repositoryId, number: 1 }) };
  expect([await stage.deliver(delivery), await stage.deliver(delivery)].map(({ status }) => status)).toEqual([
    200, 200,
  ]);
  expect(await readInbox(repositoryId, 1)).toHaveLength(1);
});

it('takes one delivery twenty times at once as one', async () => {
  const repositoryId = nextRepository();
  const delivery = { name: 'issues', id: randomUUID(), payload: labelPayload({ repositoryId, number: 1 }) };
  const answers = await Promise.all(Array.from({ length: 20 }, () => stage.deliver(delivery)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(await readInbox(repositoryId, 1)).toHaveLength(1);
});

it('takes one comment as one command, whatever deliveries bring it', async () => {
  const repositoryId = nextRepository();
  const payload = commentPayload({ repositoryId, number: 1, commentId: 501, body: '/pilot run' });
  await Promise.all(Array.from({ length: 5 }, () => stage.deliver({ name: 'issue_comment', payload })));
  expect(await readInbox(repositoryId, 1)).toMatchObject([
    { kind: 'commented', commentId: 501, body: '/pilot run', association: 'MEMBER' },
  ]);
});

it('takes what was said beside a line and in a review for itself, also where they have one number', async () => {
  const repositoryId = nextRepository();
  const said = { repositoryId, number: 9, commentId: 502, body: '/pilot status' };
  for (let times = 0; times < 2; times += 1) {
    await stage.deliver({ name: 'issue_comment', payload: commentPayload({ ...said, isOnPull: true }) });
    await stage.deliver({ name: 'pull_request_review_comment', payload: reviewCommentPayload(said) });
    await stage.deliver({ name: 'pull_request_review', payload: reviewPayload(said) });
  }
  expect(await readInbox(repositoryId, 9)).toMatchObject([
    { kind: 'commented', commentId: 502 },
    { kind: 'commented', commentId: 502, place: 'line' },
    { kind: 'commented', commentId: 502, place: 'review' },
  ]);
});

it.each([
  ['a bot', { user: otherBot, body: '/pilot run' }],
  ['a bot that works through another App', { user: otherBot, viaAppId: 1, body: '@gatepilot run' }],
])('keeps a command of %s as one of a bot: the settings say whether it is heard', async (_name, options) => {
  const repositoryId = nextRepository();
  const payload = commentPayload({ repositoryId, number: 1, commentId: 600 + repositoryId, ...options });
  await stage.deliver({ name: 'issue_comment', payload });
  expect(await readInbox(repositoryId, 1)).toMatchObject([{ kind: 'commented', actor: { kind: 'bot' } }]);
});

it('takes the same label put on twice as two wishes', async () => {
  const repositoryId = nextRepository();
  const payload = labelPayload({ repositoryId, number: 1 });
  await stage.deliver({ name: 'issues', payload });
  await stage.deliver({ name: 'issues', payload });
  expect(await readInbox(repositoryId, 1)).toHaveLength(2);
});

it.each([
  ['our own App', { user: ourBot, viaAppId: appId, body: '/pilot run' }],
  ['our own App, shown as a person', { user: mona, viaAppId: appId, body: '/pilot run' }],
  ['a bot that addresses nobody', { user: otherBot, body: 'Bumps it from 1 to 2.' }],
  ['nobody', { user: null, body: '/pilot run' }],
  ['a person who only edited it', { action: 'edited', body: '/pilot run' }],
  ['a person who deleted it', { action: 'deleted', body: '/pilot run' }],
  ['a person who addresses nobody', { body: 'I would run the pilot: see a/pilot and mail@gatepilot.' }],
  ['a person who says nothing', { body: '' }],
])('a comment of %s leaves nothing', async (_name, options) => {
  const repositoryId = nextRepository();
  const payload = commentPayload({ repositoryId, number: 1, commentId: 600 + repositoryId, ...options });
  expect((await stage.deliver({ name: 'issue_comment', payload })).status).toBe(200);
  expect(await readSubjects(repositoryId)).toEqual([]);
});

it.each([
  ['another label', 'issues', (repositoryId: number) => labelPayload({ repositoryId, number: 1, label: 'bug' })],
  [
    'a label taken off',
    'issues',
    (repositoryId: number) => labelPayload({ repositoryId, number: 1, action: 'unlabeled' }),
  ],
  [
    'an issue that was opened with the label',
    'issues',
    (repositoryId: number) => labelPayload({ repositoryId, number: 1, action: 'opened' }),
  ],
  [
    'a closed issue that nobody asked about',
    'issues',
    (repositoryId: number) => labelPayload({ repositoryId, number: 1, action: 'closed' }),
  ],
  [
    'a check of another App',
    'check_run',
    (repositoryId: number) => checkPayload({ repositoryId, number: 1, appId: 1 }),
  ],
  [
    'a button on a thread that is not known',
    'check_run',
    (repositoryId: number) => checkPayload({ repositoryId, number: 1, appId }),
  ],
])('%s leaves nothing', async (_name, name, render) => {
  const repositoryId = nextRepository();
  expect((await stage.deliver({ name, payload: render(repositoryId) })).status).toBe(200);
  expect(await readSubjects(repositoryId)).toEqual([]);
});

it('keeps a comment on a pull request that people opened as one of that pull request', async () => {
  const repositoryId = nextRepository();
  const payload = commentPayload({
    repositoryId,
    number: 9,
    commentId: 701,
    body: '@gatepilot status',
    isOnPull: true,
  });
  await stage.deliver({ name: 'issue_comment', payload });
  expect(await readInbox(repositoryId, 9)).toMatchObject([{ kind: 'commented', thread: 9, isPullRequest: true }]);
});

it('has the repository looked after in which somebody opens a pull request, once', async () => {
  const repositoryId = nextRepository();
  const open = (number: number) =>
    stage.deliver({ name: 'pull_request', payload: pullPayload({ repositoryId, number, branch: 'mine', user: mona }) });
  await open(8);
  await open(9);
  const { inbox } = await stage.foundation.store.loadChores(toChoresId({ host, id: repositoryId }));
  expect(inbox.map(({ event }) => event.kind)).toEqual(['covered']);
});

it('keeps what happens to the pull request of a run branch with its issue', async () => {
  const repositoryId = nextRepository();
  await stage.deliver({
    name: 'pull_request',
    payload: pullPayload({ repositoryId, number: 8, branch: 'gatepilot/7/r1' }),
  });
  expect(await readInbox(repositoryId, 7)).toMatchObject([
    { kind: 'pull_request_changed', number: 8, change: 'opened', headBranch: 'gatepilot/7/r1', isSameRepository: true },
  ]);
  expect(await readInbox(repositoryId, 8)).toEqual([]);
});

it.each([
  ['of a fork', { headRepositoryId: 5 }],
  ['of a fork that is gone', { headRepositoryId: null }],
  ['that a person opened', { user: mona }],
  ['whose branch only looks like one', { branch: 'gatepilot/7/r1/more' }],
  ['whose branch names no issue', { branch: 'gatepilot/0x7/r1' }],
  ['whose branch names a number that no issue has', { branch: 'gatepilot/99999999999999999999999/r1' }],
  ['whose branch names number zero', { branch: 'gatepilot/0/r1' }],
])('keeps a pull request %s with itself, never with the issue that its branch names', async (_name, options) => {
  const repositoryId = nextRepository();
  const payload = pullPayload({ repositoryId, number: 8, branch: 'gatepilot/7/r1', ...options });
  await stage.deliver({ name: 'pull_request', payload });
  expect(await readInbox(repositoryId, 7)).toEqual([]);
  expect(await readInbox(repositoryId, 8)).toMatchObject([{ kind: 'pull_request_changed', number: 8 }]);
  // One entry that cannot be read would stop the sweeper for every subject.
  expect(await stage.foundation.store.takeDue(1_000, 0)).toContain(toSubjectId(host, repositoryId, 8));
});

it("keeps comments, labels and buttons of a run's pull request with its issue once the run has told whose it is", async () => {
  const repositoryId = nextRepository();
  const subject = toSubjectId(host, repositoryId, 7);
  const repository = { host, id: repositoryId, owner: 'acme', name: 'world', installationId };
  const record = openRecord(repository, 7, { isPullRequest: false, title: 'A title' });
  const saved = await stage.foundation.store.save(subject, 0, {
    record,
    handled: [],
    log: [],
    outbox: [],
    aliases: [8],
  });
  expect(saved).toMatchObject({ kind: 'saved' });

  const comment = commentPayload({ repositoryId, number: 8, commentId: 801, body: '/pilot merge', isOnPull: true });
  await stage.deliver({ name: 'issue_comment', payload: comment });
  await stage.deliver({
    name: 'pull_request',
    payload: pullPayload({ repositoryId, number: 8, branch: 'any', action: 'labeled', label: 'pilot:run' }),
  });
  await stage.deliver({
    name: 'check_run',
    payload: checkPayload({ repositoryId, number: 8, appId, externalId: null, pulls: [8] }),
  });
  await stage.deliver({
    name: 'check_run',
    payload: checkPayload({ repositoryId, number: 7, appId, action: 'rerequested' }),
  });
  expect(await readInbox(repositoryId, 7)).toMatchObject([
    { kind: 'commented', thread: 8, isPullRequest: true },
    { kind: 'labelled', thread: 8, isPullRequest: true },
    { kind: 'check_requested', request: { kind: 'button', identifier: 'stop' } },
    { kind: 'check_requested', request: { kind: 'rerequested' } },
  ]);
  expect(await readInbox(repositoryId, 8)).toEqual([]);
});

it('keeps threads of the same number in two repositories apart', async () => {
  const [one, other] = [nextRepository(), nextRepository()];
  await stage.deliver({ name: 'issues', payload: labelPayload({ repositoryId: one, number: 1 }) });
  expect(await readInbox(one, 1)).toHaveLength(1);
  expect(await readInbox(other, 1)).toEqual([]);
});

it('keeps a comment of any length that GitHub allows, and no more of it', async () => {
  const repositoryId = nextRepository();
  const body = `/pilot run ${'x'.repeat(140_000)}`;
  await stage.deliver({
    name: 'issue_comment',
    payload: commentPayload({ repositoryId, number: 1, commentId: 901, body }),
  });
  const [event] = await readInbox(repositoryId, 1);
  expect(event?.kind === 'commented' && event.body.length).toBe(131_072);
});

it('refuses a delivery that is known with another body, and keeps the first', async () => {
  const repositoryId = nextRepository();
  const id = randomUUID();
  const first = labelPayload({ repositoryId, number: 3 });
  expect(await stage.deliver({ name: 'issues', id, payload: first })).toMatchObject({ status: 200 });
  const other = { ...first, label: { name: 'pilot:review' } };
  expect(await stage.deliver({ name: 'issues', id, payload: other })).toEqual({
    status: 400,
    text: 'the delivery was refused\n',
  });
  expect(await readInbox(repositoryId, 3)).toMatchObject([{ kind: 'labelled', label: 'pilot:run' }]);
  expect(await stage.deliver({ name: 'issues', id, payload: first })).toMatchObject({ status: 200 });
});
