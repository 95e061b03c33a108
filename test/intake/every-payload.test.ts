// Everything that GitHub is known to send comes in over HTTP, signed, and leaves nothing behind that cannot be read.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isChoresId, isGroupId, isSubjectId, parseSubjectId, RecordId } from '../../src/core/model/subject.ts';
import { redisPrefix } from '../../src/process/open-foundation.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { readExamples } from './examples.ts';
import { type IntakeStage, startIntake } from './intake-stage.ts';

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

it('answers 200 to all 329 payloads and keeps only what can be read again', async () => {
  const examples = readExamples();
  expect(examples).toHaveLength(329);
  const statuses: Record<number, number> = {};
  for (const { name, payload } of examples) {
    const { status } = await stage.deliver({ name, payload });
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  expect(statuses).toEqual({ 200: 329 });

  const client = redis.connect();
  const records = (await client.zrange(`${redisPrefix}:due`, '0', '-1')).map((id) => RecordId.parse(id));
  const subjects = records.filter(isSubjectId);
  const inboxes = await client.keys(`${redisPrefix}:subject:*:inbox`);
  expect(inboxes).toHaveLength(records.length);
  const kept: string[] = [];
  for (const subject of subjects) {
    // Loading parses every entry; one that cannot be read would throw here, and hold up its subject for ever.
    const { inbox } = await stage.foundation.store.load(subject);
    expect(inbox.length).toBeGreaterThan(0);
    for (const { event, repository } of inbox) {
      kept.push(event.kind === 'pull_request_changed' ? `${event.kind}/${event.change}` : event.kind);
      expect(repository?.id).toBe(parseSubjectId(subject).repositoryId);
    }
  }
  // Of these payloads only pull requests where an App is installed ask for anything, also those that stop or begin being
  // drafts; the closed ones are of no known thread.
  expect(kept.toSorted()).toEqual([
    ...Array<string>(2).fill('pull_request_changed/edited'),
    ...Array<string>(3).fill('pull_request_changed/opened'),
    ...Array<string>(2).fill('pull_request_changed/reopened'),
    'pull_request_changed/synchronize',
  ]);
  // Repositories that came, and commits of merge queues, have records of their own kinds.
  for (const id of records.filter(isChoresId)) {
    const { inbox } = await stage.foundation.store.loadChores(id);
    expect(inbox.map(({ event }) => event.kind)).not.toEqual([]);
  }
  for (const id of records.filter(isGroupId)) {
    const { inbox } = await stage.foundation.store.loadGroup(id);
    expect(inbox.map(({ event }) => event.kind)).not.toEqual([]);
  }
  // What is about an installation is kept apart: seven and three payloads.
  expect(await client.xlen(`${redisPrefix}:installation:log`)).toBe(10);
});
