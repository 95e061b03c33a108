// A change that was held back and denied leaves the branch that nobody has seen yet. What touched the denied places, and what was
// built on that, is built anew, with the reason; what stands on its own is merged again as it is, so that no commit with what was
// denied is behind anything that is pushed later.
import { countRepairs, listUnpushedRepairs } from '../conflict/list-resolved.ts';
import { findProtected } from '../gate/list-touched.ts';
import type { Cause } from '../model/cause.ts';
import type { Denial } from '../model/denial.ts';
import { listUndelivered, type Run, type Task } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderCause } from '../reply/render-cause.ts';
import { findOpenRound } from '../review/find-open-round.ts';
import { finishExecuting } from './apply-boundary.ts';
import { adoptHead, toBranchHead } from './branch.ts';
import { type Draft, enter, note } from './draft.ts';
import { dropRound } from './fix-round.ts';
import { applyGoing, planGoing } from './go-on.ts';
import { tasksOf } from './task-state.ts';

type Deny = Extract<Cause, { kind: 'denied' }>;
type Change = Extract<Denial['of'], { kind: 'change' }>;

/** What whoever denied it is told. */
export function takeBack(draft: Draft, run: Run, denial: Denial, of: Change): string {
  const cause: Deny = { kind: 'denied', by: denial.by, reason: denial.reason, paths: of.paths };
  const kept = of.patch === undefined ? '' : ` The patch is kept as artifact \`${of.patch}\`.`;
  const built = tasksOf(run, listUndelivered(run));
  const touching = built.filter((task) => findProtected(run, pathsOf(task)).length > 0);
  const isRepair = touching.length === 0 && findProtected(run, listUnpushedRepairs(run)).length > 0;
  if (isRepair) return `${takeRepairBack(draft, run, cause)}${kept}`;
  return `${buildAnew(draft, run, { built, denied: touching.length > 0 ? touching : built, cause })}${kept}`;
}

function pathsOf({ state }: Task): readonly string[] {
  return state.kind === 'merged' ? state.contribution.paths : [];
}

interface Denied {
  /** What is merged and not pushed. */
  readonly built: readonly Task[];
  readonly denied: readonly Task[];
  readonly cause: Deny;
}

function buildAnew(draft: Draft, run: Run, { built, denied, cause }: Denied): string {
  const head = run.pullRequest && toBranchHead(run);
  const onto = head ?? run.base.sha;
  for (const task of built) {
    if (denied.includes(task)) fail(task, cause);
    else if (task.state.kind === 'merged')
      task.state = isBuiltOn(task, onto)
        ? { kind: 'anchored', contribution: task.state.contribution }
        : { kind: 'pending' };
  }
  forgetDenied(run);
  if (head === undefined) delete run.integration;
  else adoptHead(run, head);
  const upon = built.filter(({ state }) => state.kind === 'pending');
  // Whoever built on it did nothing wrong: where nothing is left for it, it is given one more.
  const retried = new Set([...denied.filter((task) => mayBeTried(run, task)), ...upon].map(({ key }) => key));
  applyGoing(run, planGoing(run, undefined, { retried, skipped: new Map(), by: cause.by }), `@${cause.by}`);
  const again = denied.filter(({ state }) => state.kind === 'pending');
  const lost = denied.filter(({ state }) => state.kind === 'failed');
  const told = renderTasks(run, { again, upon, lost });
  note(draft, 'retry', told);
  if (run.ahead.length > 0) enter(draft, run, { kind: 'executing', since: draft.now, phase: 'attempting' });
  else if (findOpenRound(run)) dropRound(draft, run, renderCause(cause));
  else finishExecuting(draft, run);
  return told;
}

function fail(task: Task, cause: Cause): void {
  const attempt = task.attempts.at(-1);
  if (attempt) attempt.cause = cause;
  task.state = { kind: 'failed', cause };
  delete task.kept;
}

/** All that it was ever built on is what people see: nothing of what others made besides is behind it. */
function isBuiltOn({ attempts }: Task, onto: string): boolean {
  return attempts.length > 0 && attempts.every(({ base }) => base === onto);
}

/** Where nothing new starts, nothing is built anew. */
function mayBeTried(run: Run, { attempts, granted = 0 }: Task): boolean {
  return !run.finishing && attempts.length - granted < run.policy.maxAttempts;
}

/** What was found out of the head that is gone. */
function forgetDenied(run: Run): void {
  delete run.broughtIn;
  delete run.verification;
  delete run.conflicts;
  delete run.losses;
}

interface Tasks {
  readonly again: readonly Task[];
  readonly upon: readonly Task[];
  readonly lost: readonly Task[];
}

function renderTasks({ finishing }: Run, { again, upon, lost }: Tasks): string {
  const why = finishing ? 'the run is being finished' : 'no attempt is left for that';
  const parts = [
    again.length === 0 ? '' : `${listKeys(again)} ${again.length === 1 ? 'is' : 'are'} built anew, with that reason.`,
    upon.length === 0 ? '' : `What was built on that goes with it: ${listKeys(upon)}.`,
    lost.length === 0 ? '' : `${listKeys(lost)} ${lost.length === 1 ? 'has' : 'have'} failed: ${why}.`,
  ];
  return `Denied, and never pushed. ${parts.filter((part) => part !== '').join(' ')}`;
}

function listKeys(tasks: readonly Task[]): string {
  return tasks.map(({ key }) => quoteCode(key)).join(', ');
}

/** It is the conflict with the base that an agent settled in a way that nobody wants. */
function takeRepairBack(draft: Draft, run: Run, cause: Deny): string {
  const resolution = run.resolutions?.findLast(
    ({ end }) => end.kind === 'resolved' && end.commit === run.broughtIn?.commit,
  );
  if (resolution) resolution.end = { kind: 'failed', cause };
  forgetDenied(run);
  const isLeft = !run.finishing && countRepairs(run) < run.policy.maxAttempts;
  if (isLeft) enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying', bringsIn: true });
  else enter(draft, run, { kind: 'failed', since: draft.now, cause });
  return isLeft
    ? 'Denied, and never pushed. The conflict is settled once more, with that reason.'
    : 'Denied, and never pushed. Agents have settled this as often as they may; what conflicts is left as it was.';
}
