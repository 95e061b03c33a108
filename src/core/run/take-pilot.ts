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
import { planAnew } from './plan-anew.ts';
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
  };
  if (judged.isAborted) {
    recordBoundary(draft, run, ['nothing else can run: the run ends here'], told);
    note(draft, 'aborted', 'the gate pilot ended the run and nothing else could run');
    const reason = judged.source.kind === 'pilot' ? judged.source.reason : '';
    return enter(draft, run, { kind: 'failed', since: draft.now, cause: { kind: 'pilot_aborted', reason } });
  }
  if (judged.patch.replan === 'requested') return replanRest(draft, run, judged, told);
  applyBoundary(draft, run, judged.patch, told);
}

/** Of its decision only what is left out holds: everything else that is open is the planner's now. */
function replanRest(draft: Draft, run: Run, { patch, source }: Judged, told: Told): void {
  const { skips, givenUp, learnings } = patch;
  const left = { attempts: [], skips, blocked: [], spent: [], facts: [] };
  const lines = renderPatchLines({ ...patch, ...left, failed: [], batches: [] });
  recordBoundary(draft, run, ['what is left is planned again', ...lines], told);
  settle(run, left, 'the gate pilot');
  run.inferences.push(...learnings);
  run.skippedByPilot += givenUp.length;
  run.behind.push(run.ahead[0] ?? []);
  planAnew(draft, run, { why: 'pilot', reason: source.kind === 'pilot' ? source.reason : '' });
}

interface Judged {
  readonly patch: BoundaryPatch;
  readonly source: BoundaryRecord['source'];
  readonly analysis: PilotDecision['failureAnalysis'];
  readonly isAborted: boolean;
}

function judge(run: Run, boundary: Boundary, outcome: Exclude<PilotOutcome, { kind: 'stopped' }>): Judged {
  const fallBack = (why: string): Judged => ({
    patch: replanDeterministically(boundary),
    source: { kind: 'fell_back', why },
    analysis: [],
    isAborted: false,
  });
  if (outcome.kind === 'fell_back') return fallBack(outcome.why);
  const parsed = PilotDecision.safeParse(outcome.decision);
  if (!parsed.success)
    return fallBack(`its reply does not have the agreed form (${parsed.error.issues.length} mistakes)`);
  const applied = applyDecision(boundary, parsed.data);
  if (applied.kind === 'rejected') return fallBack(applied.rejections.map(renderRejection).join(' '));
  const { verdict, verdictReason, failureAnalysis: analysis } = parsed.data;
  if (applied.patch.abort === 'requested' && !isAbortEffective(boundary)) {
    return fallBack(`it wanted to end the run (${verdictReason}), and there is work left that can run`);
  }
  if (applied.patch.replan === 'requested' && !isPlanAffordable(run)) {
    return fallBack(
      `it wanted the rest planned again (${verdictReason}), and the limits of the run leave nothing for that`,
    );
  }
  const source = { kind: 'pilot', verdict, reason: verdictReason } as const;
  return { patch: applied.patch, source, analysis, isAborted: applied.patch.abort === 'requested' };
}

/** A plan costs money, and one that nobody could carry out is worth none. */
function isPlanAffordable(run: Run): boolean {
  return shareOf(run, 1) !== undefined && hasAttemptsLeft(run);
}
