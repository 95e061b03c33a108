// Somebody speaks to a pull request of ours that its run does not know yet: its webhook was lost, and its publisher died.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openRecord } from '../../src/core/model/record.ts';
import { renderRunBranch, type SubjectId, toSubjectId } from '../../src/core/model/subject.ts';
import { advance } from '../../src/engine/advance.ts';
import type { GitHubReader, PullFacts } from '../../src/engine/port/github.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { createStore } from '../../src/store/create-store.ts';
import { publishing } from '../core/run/place.ts';
import { offerAll } from '../support/offer-all.ts';
import { quiet } from '../support/quiet.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { HandClock } from './hand-clock.ts';

const repository = { host: 'git.test:8080', id: 7, owner: 'acme', name: 'errors', installationId: 3 };
const issue = toSubjectId(repository.host, repository.id, 1);
const thread = toSubjectId(repository.host, repository.id, 9);
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

let redis: TestRedis;
let store: StorePort;
let opened = 0;
let woken: string[];
let headBranch: string;
let isOurs: boolean;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

beforeEach(async () => {
  opened += 1;
  woken = [];
  isOurs = true;
  const run = structuredClone(publishing().run);
  headBranch = renderRunBranch(1, run.id);
  store = createStore(redis.connect(), {
    prefix: `{hand-over-${opened}}`,
    clock: { now: () => run.state.since + 1_000 },
  });
  const record = { ...openRecord(repository, 1, { isPullRequest: false, title: 'x' }), run };
  await store.save(issue, 0, { record, handled: [], log: [], outbox: [], aliases: [] });
});

const pullFacts = (): PullFacts => ({
  ...{
    number: 9,
    state: 'open',
    isDraft: false,
    nodeId: 'PR_1',
    headSha: '1'.repeat(40),
    headBranch,
    isSameRepository: true,
  },
  ...{ isOurs, baseBranch: 'main', mergeSha: undefined, title: 'Do it', body: '' },
});
const github = {
  readSlug: async () => 'gatepilot',
  readPull: async () => pullFacts(),
  readPermission: async () => 'write',
  readRepository: async () => ({ defaultBranch: 'main', owner: 'acme', name: 'errors' }),
  readBranch: async () => undefined,
} as unknown as GitHubReader;

const look = (subject: SubjectId) =>
  advance(
    {
      ...{ store, github, hash, log: quiet, clock: new HandClock(), resources: { read: async () => [] } },
      runLimits: { perRepository: undefined, perInstallation: undefined },
      agents: ['pi'],
      models: [],
      sandboxes: [offerAll('bubblewrap')],
      network: { allow: [], deny: [] },
      proposesSettings: false,
      queue: {
        wake: async (record) => void woken.push(record),
        wakeAfresh: async () => undefined,
        dispatch: async () => undefined,
      },
    },
    subject,
  );

async function say(body: string): Promise<void> {
  await store.intake({
    ...{
      deliveryId: `d-${body}`,
      hookId: 'h',
      bodyHash: hash(body),
      subject: thread,
      repository,
      isOnlyForKnown: false,
    },
    events: [
      {
        id: 'comment/77',
        event: {
          ...{
            kind: 'commented',
            commentId: 77,
            body,
            association: 'MEMBER',
            thread: 9,
            isPullRequest: true,
            title: 'Do it',
          },
          actor: { id: 5, login: 'mona', kind: 'person' },
        },
      },
    ],
  });
}

it('62 alias-window: a stop is kept for the run, which is told of its pull request and stops', async () => {
  await say('/pilot stop');
  await look(thread);
  expect((await store.load(thread)).inbox.map(({ eventId }) => eventId)).toEqual(['comment/77']);
  expect(woken).toEqual([issue]);
  await look(issue);
  await look(issue);
  const { record } = await store.load(issue);
  expect(record?.run?.pullRequest?.number).toBe(9);
  expect(record?.run?.state.kind).toBe('stopped');
  expect((await store.load(thread)).inbox).toEqual([]);
});

it('is told once, however often it is looked', async () => {
  await say('/pilot stop');
  await look(thread);
  await look(thread);
  expect((await store.load(issue)).inbox).toHaveLength(1);
});

it('a pull request of somebody answers for itself', async () => {
  headBranch = 'feature/x';
  await say('/pilot stop');
  await look(thread);
  const { record, inbox } = await store.load(thread);
  expect(inbox).toEqual([]);
  expect(JSON.stringify(record)).toContain('Nothing is running here.');
  expect(woken).toEqual([]);
});

it('a pull request that a person made from the branch of a run answers for itself', async () => {
  isOurs = false;
  await say('/pilot stop');
  await look(thread);
  expect((await store.load(thread)).inbox).toEqual([]);
});

it('a branch that is called like one of a run that is over answers for itself', async () => {
  headBranch = renderRunBranch(1, 'r999');
  await say('/pilot stop');
  await look(thread);
  expect((await store.load(thread)).inbox).toEqual([]);
  expect((await store.load(issue)).inbox).toEqual([]);
});
