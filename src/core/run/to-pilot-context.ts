import type { Run, Task } from '../model/run.ts';
import { addSpend, nothingSpent, unpricedOf } from '../model/spend.ts';
import { computeKeySets } from '../pilot/key-sets.ts';
import type { BatchTaskReport, EarlierBoundary, PilotContext } from '../pilot/pilot-context.ts';
import { renderFailedAttempt } from '../reply/render-failed-attempt.ts';
import { tasksOf } from './task-state.ts';
import { toBoundary } from './to-boundary.ts';

/** What the pilot is told at the end of the current batch, from the run's record, the notes file and the red logs. */
export function toPilotContext(run: Run, notes: string, logs: ReadonlyMap<string, string>): PilotContext {
  const boundary = toBoundary(run);
  const keys = computeKeySets(boundary);
  const upcoming = new Set([...keys.failed, ...keys.rolledBack, ...keys.remaining]);
  const skipsAtMost = Math.max(1, Math.floor(boundary.plannedTotal * boundary.maxSkipRatio));
  return {
    batchNumber: run.behind.length + 1,
    keys,
    maxAttempts: boundary.maxAttempts,
    skipsLeft: Math.max(0, skipsAtMost - boundary.skippedSoFar),
    isReplanSpent: boundary.isReplanSpent,
    plannedBatches: run.ahead.slice(1),
    notes,
    tasks: tasksOf(run, run.ahead[0] ?? []).map((task) => toReport(task, boundary.tasks, logs)),
    earlier: run.boundaries.map((record) => ({
      batchNumber: record.batch + 1,
      decision:
        record.source.kind === 'pilot'
          ? `${record.source.verdict}: ${record.source.reason}`
          : `no pilot: ${record.source.why}`,
      result: record.lines.join('; '),
      since: tasksOf(run, [...record.failed, ...record.rolledBack]).map(toStanding),
    })),
    // What the pilot inferred before is in the record; only what a command's output supports is shown to it again.
    learnings: (run.learnings ?? []).map(({ text, quote }) => `${text} (a model concluded this from: ${quote})`),
    upcoming: run.tasks
      .filter((task) => upcoming.has(task.key))
      .map(({ key, title, prompt, dependsOn, ownedPaths }) => ({ key, title, prompt, dependsOn, ownedPaths })),
  };
}

/** A task that stands well now keeps the cause of its newest failure: it is what a decision may have mended. */
function toStanding({ key, state, attempts }: Task): EarlierBoundary['since'][number] {
  const own = 'cause' in state ? state.cause : undefined;
  const newest = own ?? attempts.findLast(({ cause }) => cause !== undefined)?.cause;
  return { key, state: state.kind, ...(newest ? { newestCause: newest.kind } : {}) };
}

function toReport(
  task: Task,
  boundaryTasks: readonly { readonly key: string; readonly state: BatchTaskReport['state'] }[],
  logs: ReadonlyMap<string, string>,
): BatchTaskReport {
  const last = task.attempts.at(-1);
  const cause = last && renderFailedAttempt(last);
  const log = logs.get(task.key);
  const spent = task.attempts.reduce((sum, { spend = nothingSpent }) => addSpend(sum, spend), nothingSpent);
  return {
    key: task.key,
    title: task.title,
    state: boundaryTasks.find(({ key }) => key === task.key)?.state ?? 'pending',
    ...(cause === undefined ? {} : { cause }),
    attemptsUsed: task.attempts.length,
    costUsd: unpricedOf(spent) > 0 ? undefined : spent.microUsd / 1_000_000,
    seconds: last?.endedAt === undefined ? 0 : (last.endedAt - last.startedAt) / 1000,
    diffstat: last?.stat ? `${last.stat.files} files, +${last.stat.additions} -${last.stat.deletions}` : 'none',
    verifyLogs: last && log !== undefined ? [{ attempt: last.number, text: log }] : [],
    acceptance: (last?.acceptance ?? []).map(({ status, ...item }) => ({
      ...item,
      status: status === 'met' ? 'passed' : status,
    })),
    summary: last?.summary ?? '',
  };
}
