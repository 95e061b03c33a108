// What a stop promises, looked at from outside: processes of this machine, what GitHub shows by its own clock, and the refs
// that stand on GitHub and on the host.
import { expect } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import { writer } from './people.ts';
import { oneTask, simpleFiles } from './plan.ts';
import { findProcesses, untilGone } from './process.ts';
import type { TestRepository, Thread } from './repository.ts';
import type { SharedBot } from './share-bot.ts';

export interface World {
  readonly bot: SharedBot;
  readonly repository: TestRepository;
  readonly issue: Thread;
}

interface WorldOptions {
  readonly name: string;
  readonly scenario: Scenario;
  readonly files?: Record<string, string>;
  readonly isProtected?: boolean;
}

export async function startRun(bot: SharedBot, { files = simpleFiles, ...options }: WorldOptions): Promise<World> {
  const repository = await bot.createRepository({ ...options, files });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  return { bot, repository, issue };
}

/** How long a stop may take once it is handled, until nothing works for the run and until GitHub shows it. */
const goneMs = 5_000;
const shownMs = 30_000;

/** Stops, and looks at what is left: nothing of the run, one sign on the command, and one comment that says so. */
export async function expectStopped(world: World, marker?: string): Promise<void> {
  const { repository, issue } = world;
  if (marker !== undefined) expect(findProcesses(marker)).not.toEqual([]);
  const branches = Object.keys((await repository.read()).branches).sort();
  const stop = await issue.comment('/pilot stop, please');
  await issue.reaches('stopping', 'stopped');
  // From here on the clock of the stop runs: it is handled.
  if (marker !== undefined) expect(await untilGone(marker)).toBeLessThan(goneMs);
  expect((await issue.reaches('stopped')).state).toMatchObject({ by: writer });
  await issue.isShown();
  expect(await issue.reactionsOn(stop)).toEqual(['+1']);
  expect(await issue.replyTo(stop)).toBeUndefined();
  expect(await issue.outbox()).toEqual([]);
  await expectShown(world);
  const shown = await repository.read();
  expect(shown.issues.find(({ number }) => number === issue.number)?.labels).toEqual(['pilot:stopped']);
  expect(Object.keys(shown.branches).sort()).toEqual(branches);
  await expectRefs(world);
}

/** By the clock of whoever shows it, within the time that is promised. */
async function expectShown({ bot, repository, issue }: World): Promise<void> {
  const { control, github } = bot.stack;
  const log = await bot.store.readLog(toSubjectId(github.host, repository.id, issue.number), 0);
  const handledAt = log.findLast(({ kind }) => kind === 'stop')?.at ?? 0;
  const { comments } = await control.readThread({ repository: repository.fullName, number: issue.number });
  const all = comments.filter(({ author }) => author.startsWith('gatepilot'));
  const receipts = (await issue.record())?.receipts ?? [];
  // Beside the answers to other commands there is one of the run.
  const answers = receipts.filter(
    ({ source, reply }) => source.kind === 'comment' && source.thread === issue.number && reply !== undefined,
  );
  expect(all).toHaveLength(1 + answers.length);
  const ours = all.filter(({ body }) => body.startsWith('<!-- gatepilot:sticky:'));
  expect(ours).toHaveLength(1);
  expect(ours[0]?.body).toContain(
    '**Stopped** by @\u200bmona. What was done is kept; `/pilot resume` goes on with the rest.',
  );
  expect(Date.parse(ours[0]?.updatedAt ?? '') - handledAt).toBeLessThan(shownMs);
  const head = (await issue.record())?.run?.pullRequest?.head;
  const checks = (await repository.read()).checks.filter(({ headSha }) => headSha === head);
  expect(checks).toHaveLength(head === undefined ? 0 : 1);
  for (const { conclusion, summary, completedAt } of checks) {
    expect(conclusion).toBe('cancelled');
    expect(summary).toContain('stopped by @\u200bmona');
    expect(Date.parse(completedAt ?? '') - handledAt).toBeLessThan(shownMs);
  }
}

/** Nothing half-made: what the run has merged so far is what its ref holds, and nothing is staged any more. */
async function expectRefs({ bot, repository, issue }: World): Promise<void> {
  const run = (await issue.record())?.run;
  // What nobody has accepted yet is merged as well.
  const commit = run?.candidate?.commit ?? run?.integration?.commit;
  const refs = commit === undefined ? {} : { [`refs/gatepilot/${issue.number}/${run?.id}/integration`]: commit };
  expect(await bot.readRefs(repository.id, issue.number)).toEqual(refs);
}

/** The stopped run has left nothing that the next one could stumble over. */
export async function expectNextRun({ repository, issue }: World): Promise<void> {
  repository.setScenario(oneTask('fresh'));
  const again = await issue.comment('/pilot run');
  const run = await issue.reaches('ready');
  await issue.isShown();
  expect(run.id).toBe('r2');
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['fresh', 'merged', 1],
  ]);
  expect(await issue.reactionsOn(again)).toEqual(['+1']);
  const { pulls, branches } = await repository.read();
  expect(pulls).toHaveLength(1);
  expect(pulls[0]).toMatchObject({ headRef: `gatepilot/${issue.number}/r2`, blockedBy: [] });
  expect(Object.keys(branches).sort()).toEqual([`gatepilot/${issue.number}/r2`, 'main']);
}

/** The stopped run goes on with what is left of it, and its pull request can be merged. */
export async function resume({ issue }: World): Promise<void> {
  const comment = await issue.comment('/pilot resume');
  await issue.reachesWhere(({ state }) => state.kind !== 'stopped');
  expect(await issue.reactionsNow(comment)).not.toContain('confused');
}
