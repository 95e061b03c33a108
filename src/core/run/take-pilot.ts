import type { PilotOutcome } from '../model/result.ts';
import type { BoundaryRecord, Run } from '../model/run.ts';
import { applyDecision } from '../pilot/apply-decision.ts';
import type { Boundary } from '../pilot/boundary.ts';
import type { BoundaryPatch } from '../pilot/boundary-patch.ts';
import { renderRejection } from '../pilot/decision-rejection.ts';
import { PilotDecision } from '../pilot/pilot-decision.ts';
import { isAbortEffective, replanDeterministically } from '../pilot/replan-deterministically.ts';
import { renderPatchLines } from '../reply/render-patch-lines.ts';
import { applyBoundary, recordBoundary, settle, type Told } from './apply-boundary.ts';
import { hasAttemptsLeft, shareOf } from './budget.ts';
import { type Draft, enter, note } from './draft.ts';
import { keepLearnings } from './keep-learnings.ts';
import { planAnew } from './plan-anew.ts';
import { isProposalSpent, proposeAbort } from './propose-abort.ts';
import { toBoundary } from './to-boundary.ts';

/**
 * The pilot's reply is judged here once more against the run as it is now: all of it is applied, or none, and then the
 * deterministic plan goes on and says why.
 */
export function takePilot(draft: Draft, run: Run, outcome: PilotOutcome): void {
  if (outcome.kind === 'stopped') return;
  if (run.state.kind !== 'executing' || run.state.phase !== 'boundary' || run.finishing) return;
  const boundary = toBoundary(run);
  const judged = judge(run, boundary, outcome);
  const told: Told = {
    source: judged.source,
    analysis: judged.analysis,
    seconds: outcome.seconds,
    spend: outcome.spend,
    ...(outcome.exchange === undefined ? {} : { exchange: outcome.exchange }),
    ...(outcome.model ? { model: outcome.model } : {}),
  };
  if (judged.abort === 'proposed') {
    recordBoundary(draft, run, ['people are asked whether the run is to end'], told);
    keepLearnings(run, judged.patch);
    return proposeAbort(draft, run, toReason(judged));
  }
  if (judged.abort === 'effective') {
    recordBoundary(draft, run, ['nothing else can run: the run ends here'], told);
    note(draft, 'aborted', 'the gate pilot ended the run and nothing else could run');
    const cause = { kind: 'pilot_aborted', reason: toReason(judged) } as const;
    return enter(draft, run, { kind: 'failed', since: draft.now, cause });
  }
  if (judged.patch.replan === 'requested') return replanRest(draft, run, judged, told);
  applyBoundary(draft, run, judged.patch, told);
}

/** Of its decision only what is left out holds: everything else that is open is the planner's now. */
function replanRest(draft: Draft, run: Run, judged: Judged, told: Told): void {
  const { patch } = judged;
  const { skips, givenUp } = patch;
  const left = { attempts: [], skips, blocked: [], spent: [], facts: [] };
  const lines = renderPatchLines({ ...patch, ...left, failed: [], batches: [] });
  recordBoundary(draft, run, ['what is left is planned again', ...lines], told);
  settle(run, left, 'the gate pilot');
  keepLearnings(run, patch);
  run.skippedByPilot += givenUp.length;
  run.behind.push(run.ahead[0] ?? []);
  planAnew(draft, run, { why: 'pilot', reason: toReason(judged) });
}

interface Judged {
  readonly patch: BoundaryPatch;
  readonly source: BoundaryRecord['source'];
  readonly analysis: PilotDecision['failureAnalysis'];
  /** Proposed: it takes effect only if people agree. */
  readonly abort: 'none' | 'effective' | 'proposed';
}

function judge(run: Run, boundary: Boundary, outcome: Exclude<PilotOutcome, { kind: 'stopped' }>): Judged {
  const fallBack = (why: string): Judged => ({
    patch: replanDeterministically(boundary),
    source: { kind: 'fell_back', why },
    analysis: [],
    abort: 'none',
  });
  if (outcome.kind === 'fell_back') return fallBack(outcome.why);
  const parsed = PilotDecision.safeParse(outcome.decision);
  if (!parsed.success)
    return fallBack(`its reply does not have the agreed form (${parsed.error.issues.length} mistakes)`);
  const applied = applyDecision(boundary, parsed.data);
  if (applied.kind === 'rejected') return fallBack(applied.rejections.map(renderRejection).join(' '));
  const { verdict, verdictReason, failureAnalysis: analysis } = parsed.data;
  const abort = toAbort(run, boundary, applied.patch);
  if (abort === 'refused')
    return fallBack(`it wanted to end the run (${verdictReason}), which people were asked about before`);
  if (applied.patch.replan === 'requested' && !isPlanAffordable(run)) {
    return fallBack(
      `it wanted the rest planned again (${verdictReason}), and the limits of the run leave nothing for that`,
    );
  }
  const source = { kind: 'pilot', verdict, reason: verdictReason } as const;
  return { patch: applied.patch, source, analysis, abort };
}

/** Where nothing could run anyway, the pilot says what is so; else people decide, and are asked once. */
function toAbort(run: Run, boundary: Boundary, patch: BoundaryPatch): Judged['abort'] | 'refused' {
  if (patch.abort === 'none') return 'none';
  if (isAbortEffective(boundary)) return 'effective';
  return isProposalSpent(run) ? 'refused' : 'proposed';
}

function toReason({ source }: Judged): string {
  return source.kind === 'pilot' ? source.reason : '';
}

/** A plan costs money, and one that nobody could carry out is worth none. */
function isPlanAffordable(run: Run): boolean {
  return shareOf(run, 1) !== undefined && hasAttemptsLeft(run);
}
