// A round of fixes: an agent works on what stands against the pull request of a run, as a task like any other, on the head that
// people see. What it made is verified and reviewed before it is pushed, and only pushed where less stands against it than
// before; else the branch is as if there had been no round.
import type { Finding } from '../model/finding.ts';
import type { FixRound } from '../model/fix-round.ts';
import { listUndelivered, type Run, type Task } from '../model/run.ts';
import { renderCause } from '../reply/render-cause.ts';
import { renderRemedy } from '../reply/render-remedy.ts';
import { findDismissal } from '../review/find-dismissal.ts';
import { findOpenRound } from '../review/find-open-round.ts';
import { isRed, listBlocking, listFound } from '../review/list-blocking.ts';
import { finishExecuting } from './apply-boundary.ts';
import { adoptHead, toBranchHead } from './branch.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';
import { findTask } from './task-state.ts';

/** What stands against what was verified, of what blocks and of what was to be mended. */
export function countAgainst(run: Run, targets: readonly string[]): number {
  if (isRed(run)) return 1;
  const blocking = new Set(listBlocking(run));
  const isAimed = ({ id = '', status }: Finding) => status === 'confirmed' && targets.includes(id);
  return listFound(run).filter((finding) => blocking.has(finding) || (isAimed(finding) && !findDismissal(run, finding)))
    .length;
}

/** What was verified holds what a round has made, and nobody was shown it yet. */
export function isRoundUnseen(run: Run): boolean {
  const round = findOpenRound(run);
  return round !== undefined && listUndelivered(run).includes(round.task);
}

/** The batch of a round is over: nobody is asked what could be done instead of it. */
export function endRoundBatch(draft: Draft, run: Run, round: FixRound): void {
  run.behind.push(run.ahead[0] ?? []);
  run.ahead = run.ahead.slice(1);
  const task = findTask(run, round.task);
  if (!task || task.state.kind === 'merged') return finishExecuting(draft, run);
  dropRound(draft, run, renderFailure(run, task));
}

function renderFailure({ policy }: Run, { state }: Task): string {
  if (state.kind === 'skipped') return `it was left out by ${state.by}: ${state.reason}`;
  if ('cause' in state) return `${renderCause(state.cause)} ${renderHint(state.cause, policy.slash)}`.trim();
  return 'it came to nothing.';
}

/** What a cap ended goes on when that is raised; everything else is another round. */
function renderHint(cause: Parameters<typeof renderRemedy>[0], slash: string): string {
  return cause.kind === 'budget' ? renderRemedy(cause, slash) : '';
}

/** Why what the round made is not better than what people see; undefined where it is. */
export function findShortfall(run: Run): string | undefined {
  const round = findOpenRound(run);
  if (!round) return undefined;
  if (isRed(run)) return 'it is red on what a merge would give.';
  if (round.of ? !run.policy.review : round.targets.length === 0) return undefined;
  const { review } = run;
  if (review?.result.kind === 'missing') return `it could not be checked: ${review.result.why}`;
  if (review?.change !== run.verification?.change || review?.isOver) return 'nobody has checked it.';
  const after = countAgainst(run, round.targets);
  // Nobody counts what others said: that the change is no worse is all that can be told before they see it.
  return after < round.before || (round.of && after === round.before)
    ? undefined
    : `${after} ${after === 1 ? 'finding stands' : 'findings stand'} against it, and it was ${round.before} before.`;
}

/** Nothing of the round is pushed: what people see is what counts, with the verdict and the review that it had. */
export function dropRound(draft: Draft, run: Run, why: string): void {
  const round = findOpenRound(run);
  const task = round && findTask(run, round.task);
  if (!round || !task) return;
  if (task.state.kind !== 'failed' && task.state.kind !== 'skipped')
    task.state = { kind: 'skipped', by: 'gatepilot', reason: why };
  delete task.kept;
  const head = toBranchHead(run);
  if (head !== undefined) adoptHead(run, head);
  if (round.review) run.review = round.review;
  if (round.dismissals) run.dismissals = round.dismissals;
  endRound(draft, run, { kind: 'dropped', why, ...toPatch(task) });
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
}

function toPatch({ attempts }: Task): { patch?: string } {
  const patch = attempts.findLast((attempt) => attempt.patch !== undefined)?.patch;
  return patch === undefined ? {} : { patch };
}

/** The run rests on what people see: whether the round is in it is known. */
export function settleRound(draft: Draft, run: Run): void {
  const round = findOpenRound(run);
  if (!round) return;
  const task = findTask(run, round.task);
  const head = run.verification?.key.head ?? round.head;
  if (task?.state.kind === 'merged' && !listUndelivered(run).includes(task.key)) {
    const after = countAgainst(run, round.targets);
    round.after = after;
    return endRound(draft, run, { kind: 'pushed', why: renderRest(after, round), head });
  }
  const why = task ? renderFailure(run, task) : 'it came to nothing.';
  if (task?.state.kind === 'pending') task.state = { kind: 'skipped', by: 'gatepilot', reason: why };
  endRound(draft, run, { kind: 'dropped', why });
}

function renderRest(after: number, { of }: FixRound): string {
  if (of === 'comments')
    return 'it is verified and no worse than before. Whoever wrote the comments sees whether it is what was meant.';
  if (of === 'ci')
    return 'it is verified and no worse than before. Those checks run anew on it and say themselves whether they pass.';
  if (after === 0) return 'nothing of it stands against the pull request any more.';
  return `${after} ${after === 1 ? 'finding still stands' : 'findings still stand'} against the pull request.`;
}

function endRound(draft: Draft, run: Run, end: NonNullable<FixRound['end']>): void {
  const round = findOpenRound(run);
  if (!round) return;
  round.end = end;
  delete round.review;
  delete round.dismissals;
  const isPushed = end.kind === 'pushed';
  const text = isPushed
    ? `Round ${round.number} of fixes is pushed as \`${end.head}\`: ${end.why}`
    : `Nothing of round ${round.number} of fixes is pushed, and the branch is as it was: ${end.why}`;
  if (isPushed) note(draft, 'fixed', text);
  else note(draft, 'not_fixed', text);
  // Whoever asked was told already where the run came to rest before the round was over.
  const receipt = draft.record.receipts.find(({ id }) => id === round.receiptId);
  if (receipt?.state.kind === 'started') settleReceipt(draft, receipt.id, isPushed ? 'done' : 'failed', text);
}
