// What a pull request says for itself in the merge queue: its own verdict, but for the base, which the queue has chosen.
import type { SubjectRecord } from '../model/record.ts';
import type { PullRequest, Run } from '../model/run.ts';
import { quoteCode, quoteInline } from '../reply/quote-inline.ts';
import { applyOverrides } from './apply-overrides.ts';
import { judgeGate } from './evaluate-gate.ts';
import { evaluateObserved, type OtherPulls } from './evaluate-observed.ts';
import { all, closed, open, type Verdict, waiting } from './verdict.ts';

/** The pull request as GitHub has it, and the part of the queue's commit that is its own. */
export interface Queued {
  readonly number: number;
  readonly head: string;
  readonly state: PullRequest['state'];
  readonly isDraft: boolean;
  readonly baseBranch: string;
  /** We opened it, from a branch of this repository. */
  readonly isOurs: boolean;
  readonly branch: string;
  /** The verdict of somebody else's run that stands on the head and is not open. */
  readonly foreignGate?: string;
  /** What merging that head gives is what the queue has there; unknown where nobody had to look. */
  readonly isItsMerge?: boolean;
  /** The settings of the base branch are others than those that its verdict was made by. */
  readonly hasOtherSettings?: boolean;
  /** Hash of what it changes there, and the protected paths among it. */
  readonly change?: string;
  readonly touched?: readonly string[];
}

const gate = 'queue';

/** Of one that a run made, and whose record that is. */
export function evaluateQueuedRun(queued: Queued, run: Run): Verdict {
  return all(gate, [...evaluatePlace(queued), ...judgeRun(run), evaluateContent(queued, run)], 'Its own gate is open.');
}

/** Of one that no run made. */
export function evaluateQueuedOther(
  queued: Queued,
  record: Pick<SubjectRecord, 'held' | 'run' | 'pullReview'> | undefined,
  otherPulls: OtherPulls | undefined,
): Verdict {
  const { head, isDraft, baseBranch } = queued;
  const own = evaluateObserved({ ...record, pull: { head, isDraft, baseBranch } }, otherPulls);
  const parts = [...evaluatePlace(queued), own];
  if (queued.isOurs)
    parts.push(closed(gate, 'action_required', 'The run that made it is over and gone, and with it its verdict.'));
  if (queued.foreignGate !== undefined)
    parts.push(waiting(gate, `The verdict of a run stands on its head: ${quoteInline(queued.foreignGate)}`));
  const passes = 'No run made it, and the settings let such pull requests pass.';
  return all(gate, parts, otherPulls?.kind === 'review' ? own.because : passes);
}

function evaluatePlace({ state, baseBranch, branch, isDraft }: Queued): Verdict[] {
  const parts: Verdict[] = [];
  // What was before this in the queue may have landed while it was read: then it is in the base branch at the next look.
  if (state === 'merged') parts.push(waiting(gate, 'It is merged by now.'));
  if (state === 'closed') parts.push(closed(gate, 'cancelled', 'It is not open any more.'));
  if (baseBranch !== branch) parts.push(closed(gate, 'failure', `It goes into ${quoteCode(baseBranch)} now.`));
  if (isDraft) parts.push(closed(gate, 'action_required', 'It is a draft.'));
  return parts;
}

/**
 * A base that moves is what a queue is for: it is nothing against the run, and what is verified anew because of it is not
 * waited for. Everything else counts as it does on the pull request.
 */
function judgeRun(run: Run): Verdict[] {
  const { baseMoved: _moved, landedOn: _landed, ...rest } = run;
  const follows = run.state.kind === 'reviewing' && run.state.follows === true && run.state.phase === 'verifying';
  const judged: Run = follows ? { ...rest, state: { kind: 'ready', since: run.state.since } } : rest;
  return applyOverrides(judged, judgeGate(judged));
}

/** Whether what the queue would merge of it is what was judged. The commit itself is verified besides. */
function evaluateContent({ head, isItsMerge, hasOtherSettings, change, touched = [] }: Queued, run: Run): Verdict {
  const { verification } = run;
  if (verification?.key.head !== head)
    return waiting(gate, `Its head is ${head.slice(0, 10)}, which is not verified yet.`);
  if (hasOtherSettings)
    return waiting(
      gate,
      `The settings of ${quoteCode(run.base.branch)} are others than those that its verdict was made by: it is verified anew, at once by ${quoteCode(`/${run.policy.slash} recheck`)}.`,
    );
  if (isItsMerge === false)
    return closed(gate, 'failure', 'What the queue has for it is not what merging its head gives.');
  const known = new Set(verification.touched ?? []);
  const path = touched.find((one) => !known.has(one));
  if (path !== undefined)
    return closed(
      gate,
      'action_required',
      `In the queue it changes the protected path ${quoteCode(path)}, which nobody judged.`,
    );
  // The same patch carries its review to another base; another one is for reviewers, who work on the pull request.
  if (run.policy.review && change !== verification.change)
    return closed(
      gate,
      'action_required',
      'On what is before it in the queue its change is another one than was reviewed. Bring the base in with ' +
        `${quoteCode(`/${run.policy.slash} rebase`)}, and put it into the queue again.`,
    );
  return open(gate, 'What the queue would merge of it is what was judged.');
}
