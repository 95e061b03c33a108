import { isGreen, type MergeOutcome } from '../model/result.ts';
import type { Run, RunState } from '../model/run.ts';
import { followBase, postponementsAtMost, verificationsAtMost } from './decide-merging.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';
import { endForHeldCi } from './refuse-merge.ts';
import { clearTrouble, recordDelay } from './trouble.ts';

type Command = Extract<Extract<RunState, { kind: 'merging' }>['by'], { kind: 'command' }>;
type NotMerged = Exclude<MergeOutcome, { kind: 'merged' }>;

export function takeMerge(draft: Draft, run: Run, outcome: MergeOutcome): void {
  const { lane: wish } = draft.record;
  if (outcome.kind === 'unanswered' && wish?.runId === run.id) wish.mayLand = true;
  const command = run.state.kind === 'merging' && run.state.by.kind === 'command' ? run.state.by : undefined;
  if (outcome.kind === 'merged') {
    takeMerged(draft, run, outcome);
    if (command) settleReceipt(draft, command.receiptId, 'done');
    return;
  }
  if (run.state.kind !== 'merging') return;
  // GitHub said that it is merged, by webhook or by answer: then it is a matter of reading what landed.
  if (run.pullRequest?.state === 'merged') return proveLater(draft, run, outcome);
  if (!command) return takeRefused(draft, run, outcome);
  // Nobody knows yet what became of it, or whoever worked on it was replaced. The next turn comes after the lane has
  // read GitHub, and the command is answered by how that ends.
  if (outcome.kind === 'stopped' || outcome.kind === 'unanswered' || outcome.kind === 'postponed') {
    if (command.phase !== 'merging') return;
    if (wish?.runId === run.id) wish.isOver = true;
    return enter(draft, run, { kind: 'merging', since: draft.now, by: toNextTurn(command, outcome, draft.now) });
  }
  if (outcome.kind === 'base_moved' && isFollowed(command, outcome.actual))
    return followBase(draft, run, command, { head: outcome.actual, isRead: true });
  if (outcome.kind === 'settings_moved') {
    run.settingsMoved = {};
    if (command.verifications < verificationsAtMost)
      return followBase(draft, run, command, { head: outcome.base, isRead: true });
  }
  if (outcome.kind === 'ci_held') {
    const { now } = draft;
    const head = run.verification?.key.head;
    if (run.pullRequest && head !== undefined)
      run.pullRequest.heldRuns = { head, count: outcome.runs, since: now, lookedAt: now };
    return endForHeldCi(draft, run, outcome.runs);
  }
  settleReceipt(draft, command.receiptId, 'refused');
  takeRefused(draft, run, outcome);
}

type Unfinished = Extract<NotMerged, { kind: 'stopped' | 'unanswered' | 'postponed' }>;

const firstPauseMs = 5_000;

/** A limit of GitHub's costs time, and no turn: its end is named, or guessed at longer each time. */
function toNextTurn(command: Command, outcome: Unfinished, now: number): Command {
  const next: Command = { ...command, phase: 'waiting' };
  if (outcome.kind === 'stopped') return next;
  next.trouble = outcome.why;
  if (outcome.until !== undefined) next.notBefore = outcome.until;
  if (outcome.kind === 'unanswered') return next;
  const postponed = command.postponed ?? 0;
  next.postponed = Math.min(postponed + 1, postponementsAtMost);
  next.notBefore = Math.max(outcome.until ?? 0, now + firstPauseMs * 2 ** postponed);
  return next;
}

/** A base that had moved before the command was given is news to whoever gave it; a later move is not. */
function isFollowed({ verifications, baseWhenAsked }: Command, actual: string): boolean {
  return verifications < verificationsAtMost && actual !== baseWhenAsked;
}

function takeRefused(draft: Draft, run: Run, outcome: NotMerged): void {
  if (outcome.kind === 'stopped') return;
  run.mergeRefusal = outcome;
  note(draft, 'merge_refused', `the merge was refused: ${outcome.kind}`, { outcome });
  if (outcome.kind === 'head_moved' && run.pullRequest) run.pullRequest.head = outcome.actual;
  if (run.pullRequest?.state === 'closed') {
    return enter(draft, run, { kind: 'closed', since: draft.now, by: 'somebody' });
  }
  const isHeadOther = run.pullRequest?.head !== run.verification?.key.head;
  enter(
    draft,
    run,
    isHeadOther || outcome.kind === 'base_moved' || outcome.kind === 'settings_moved'
      ? { kind: 'reviewing', since: draft.now, phase: 'verifying' }
      : { kind: 'ready', since: draft.now },
  );
}

function proveLater(draft: Draft, run: Run, outcome: NotMerged): void {
  const detail = outcome.kind === 'refused' ? outcome.why : `the merge could not be read (${outcome.kind})`;
  recordDelay(draft, run, 'prove', { kind: 'infrastructure', system: 'github', detail });
  if (run.state.kind === 'merging' && run.state.by.kind === 'command')
    enter(draft, run, { kind: 'merging', since: draft.now, by: { kind: 'person' } });
}

/** What people merge while more is being built is what they saw: an earlier verdict than the newest. */
function isVerifiedBefore({ verifiedTrees }: Run, tree: string): boolean {
  return verifiedTrees.some((report) => report.tree === tree && isGreen(report));
}

/** A merge that landed is told truly, whatever crossed it. */
function takeMerged(draft: Draft, run: Run, outcome: Extract<MergeOutcome, { kind: 'merged' }>): void {
  const { sha, tree, by } = outcome;
  const verified = run.verification?.key.tree;
  const isProven = tree === verified || isVerifiedBefore(run, tree) || (run.queuedTrees?.includes(tree) ?? false);
  clearTrouble(run, 'prove');
  delete run.mergeRefusal;
  if (run.pullRequest) run.pullRequest.state = 'merged';
  const told = isProven ? 'the verified one' : 'NOT the verified one';
  note(draft, 'merged', `merged as ${sha.slice(0, 10)}; the tree is ${told}`, { tree, verified });
  enter(draft, run, { kind: 'merged', since: draft.now, sha, tree, isProven, by });
}
