// GitHub's merge queue makes a commit of its own for what it would merge, and waits for the gate on that. Who is in it is
// read, the commit is verified as the base branch has it, and what holds for each pull request holds for it as well.
import { afterAll, beforeAll, it } from 'vitest';
import { toGroupId } from '../../src/core/model/subject.ts';
import type { CheckSnapshot } from '../../src/demo/github/state/snapshot.ts';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import { writer } from '../support/people.ts';
import { attempts, filesWith, findings, oneTask, reviewedFiles, simpleFiles } from '../support/plan.ts';
import type { ReadyRun, TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

async function makeRepository(
  name: string,
  files: Record<string, string> = {},
  scenario: Scenario = oneTask(),
): Promise<TestRepository> {
  const made = await bot.createRepository({ name, files: { ...simpleFiles, ...files }, scenario });
  const checks = [{ context: 'gatepilot/gate', appId: bot.stack.app.appId }];
  await bot.stack.control.protectBranch({ repository: made.fullName, branch: 'main', checks, mergeQueue: true });
  return made;
}

const enqueue = (repository: TestRepository, number: number) =>
  bot.stack.control.enqueuePull({ as: writer, repository: repository.fullName, number });

/** A pull request of a person, whose own gate is open. */
async function openByHand(repository: TestRepository): Promise<number> {
  const on = { as: writer, repository: repository.fullName };
  await bot.stack.control.pushCommit({
    ...{ ...on, branch: 'by-hand', from: 'main' },
    ...{ message: 'By hand', files: { 'by-hand.txt': 'by hand\n' } },
  });
  const { number } = await bot.stack.control.openPull({ ...on, head: 'by-hand', title: 'By hand' });
  await until(async () => {
    const { checks } = await repository.pull(number);
    return checks.some(({ conclusion }) => conclusion === 'success') || undefined;
  });
  return number;
}

interface Group {
  readonly head: string;
  readonly number: number;
  readonly base: string;
}

/** Commits that the queue made, oldest first. */
async function listGroups({ fullName }: TestRepository): Promise<Group[]> {
  const deliveries = await bot.stack.control.readDeliveries({});
  return deliveries.flatMap(({ event, action, request }) => {
    const payload = request.payload as {
      repository?: { full_name: string };
      merge_group: { head_sha: string; head_ref: string; base_sha: string };
    };
    if (event !== 'merge_group' || action !== 'checks_requested' || payload.repository?.full_name !== fullName)
      return [];
    const { head_sha: head, head_ref: ref, base_sha: base } = payload.merge_group;
    return [{ head, base, number: Number(/pr-(\d+)-/.exec(ref)?.[1]) }];
  });
}

async function readGate(repository: TestRepository, head: string): Promise<CheckSnapshot | undefined> {
  const { checks } = await repository.read();
  return checks.find(({ name, headSha }) => name === 'gatepilot/gate' && headSha === head);
}

/** Waits until the gate on the newest commit of the queue with this pull request ended like this, and gives its sentence. */
async function untilGate(repository: TestRepository, number: number, wanted: string): Promise<string> {
  const explain = async () => {
    const groups = await listGroups(repository);
    const logs = await Promise.all(
      groups.map(({ head }) => bot.store.readLog(toGroupId(bot.stack.github.host, repository.id, head), 0)),
    );
    return `the gate of #${number} in the queue is to be ${wanted}: ${JSON.stringify({ groups, logs })}`;
  };
  return await until(async () => {
    for (const { head } of (await listGroups(repository)).filter((group) => group.number === number).toReversed()) {
      const gate = await readGate(repository, head);
      if ((gate?.conclusion ?? gate?.status) === wanted) return gate?.title ?? '';
    }
    return undefined;
  }, explain);
}

async function untilMerged({ issue }: ReadyRun) {
  const run = await issue.reaches('merged');
  if (run.state.kind !== 'merged') throw new Error('not merged');
  return run.state;
}

it.concurrent('what the queue would merge is verified as its own commit, merged, and known for what was verified', async ({
  expect,
}) => {
  const repository = await makeRepository('queue-lands');
  const ready = await repository.makeReady('Do it');
  await enqueue(repository, ready.pull.number);
  expect(await untilGate(repository, ready.pull.number, 'success')).toBe('Verified: the queue may merge');
  const merged = await untilMerged(ready);
  expect(merged).toMatchObject({ by: 'person', isProven: true });
  const [group] = await listGroups(repository);
  expect(merged.sha).toBe(group?.head);
});

it.concurrent('two in the queue: the second is verified on the first, and what lands is proven', async ({ expect }) => {
  const repository = await makeRepository('queue-two');
  const first = await repository.makeReady('Do it');
  const number = await openByHand(repository);
  await enqueue(repository, number);
  await enqueue(repository, first.pull.number);
  await untilGate(repository, first.pull.number, 'success');
  const merged = await untilMerged(first);
  expect(merged).toMatchObject({ isProven: true });
  const groups = await listGroups(repository);
  const [own, ofRun] = groups;
  expect(ofRun?.base).toBe(own?.head);
  // People's own work is verified by nobody here.
  expect((await readGate(repository, own?.head ?? ''))?.summary).toContain('No run made it');
  expect((await readGate(repository, ofRun?.head ?? ''))?.summary).toMatch(/sh check\.sh|exactly this tree/);
});

it.concurrent('a commit of the queue that is red is taken out, and nothing is merged', async ({ expect }) => {
  // Each is well by itself, and together they are not.
  const check = 'test ! -e one.txt || test ! -e by-hand.txt\n';
  const repository = await makeRepository('queue-red', filesWith({ check }));
  const ready = await repository.makeReady('Do it');
  const number = await openByHand(repository);
  // The first one stays until the second is judged.
  await bot.stack.control.holdNextDelivery({ event: 'merge_group', action: 'checks_requested' });
  await enqueue(repository, number);
  await enqueue(repository, ready.pull.number);
  expect(await untilGate(repository, ready.pull.number, 'failure')).toContain('`sh check.sh` failed');
  await bot.stack.control.releaseDeliveries();
  expect(await untilGate(repository, number, 'success')).toContain('the queue may merge');
  expect((await repository.pull(ready.pull.number)).state).toBe('open');
});

it.concurrent('a label that holds shuts the gate of what the queue has, and says so', async ({ expect }) => {
  const repository = await makeRepository('queue-held');
  const ready = await repository.makeReady('Do it');
  await bot.stack.control.holdNextDelivery({ event: 'merge_group' });
  await enqueue(repository, ready.pull.number);
  await ready.pull.label('pilot:hold');
  await ready.issue.reachesWhere((run) => run.isHeld === true);
  await bot.stack.control.releaseDeliveries();
  expect(await untilGate(repository, ready.pull.number, 'failure')).toContain('pilot:hold');
  expect((await repository.pull(ready.pull.number)).state).toBe('open');
});

it.concurrent('what somebody dismissed who may no longer do that shuts the gate of what the queue has', async ({
  expect,
}) => {
  const wrong = { severity: 'major', path: 'one.txt', line: 1, what: 'It says the wrong number.' };
  const evidence = { kind: 'trace', path: 'one.txt', from: 1, to: 1, quote: 'one' };
  const repository = await makeRepository('queue-dismissed', reviewedFiles, {
    ...oneTask(),
    'task-review.correctness': attempts([findings(wrong)]),
    'task-review.check': attempts([findings({ ...wrong, status: 'confirmed', evidence })]),
  });
  const ready = await repository.makeReady('Do it');
  const other = 'quinn-who-writes';
  await bot.stack.control.createPerson({ login: other });
  const role = { repository: repository.fullName, login: other };
  await bot.stack.control.setPermission({ ...role, role: 'write' });
  const dismissal = await ready.pull.comment('/pilot dismiss F-1 It is meant so.', other);
  expect(await ready.pull.reactionsOn(dismissal)).toEqual(['+1']);
  await until(async () => {
    const { checks } = await repository.pull(ready.pull.number);
    return checks.some(({ conclusion }) => conclusion === 'success') || undefined;
  });
  await bot.stack.control.setPermission({ ...role, role: 'read' });
  await enqueue(repository, ready.pull.number);
  expect(await untilGate(repository, ready.pull.number, 'failure')).toContain(
    'who dismissed F-1, may no longer do that',
  );
  expect((await repository.pull(ready.pull.number)).state).toBe('open');
});

it.concurrent('/pilot merge says what to do where a branch takes merges through its queue only', async ({ expect }) => {
  const repository = await makeRepository('queue-command');
  const ready = await repository.makeReady('Do it');
  const asked = await ready.pull.comment('/pilot merge');
  expect(await ready.pull.reactionsOn(asked)).toEqual(['confused']);
  await ready.issue.isShown();
  expect((await ready.issue.replies()).join('\n')).toContain('merge queue');
  expect(await repository.mergeRequests()).toEqual([]);
});
