import { nameLabel } from '../command/own-label.ts';
import { isDecided } from '../conflict/is-decided.ts';
import { evaluateGate } from '../gate/evaluate-gate.ts';
import { tellWhatMoved } from '../gate/evaluate-progress.ts';
import type { Cause } from '../model/cause.ts';
import type { FixRound } from '../model/fix-round.ts';
import { type ExecutingPhase, listUndelivered, type Run } from '../model/run.ts';
import { findOpenRound } from '../review/find-open-round.ts';
import { quoteCode, quoteInline, quoteName } from './quote-inline.ts';
import { renderAwaiting } from './render-awaiting.ts';
import { renderCause } from './render-cause.ts';
import { renderHowToResolve } from './render-conflicts.ts';
import { renderReported } from './render-findings.ts';
import { renderTargets } from './render-fixes.ts';
import { renderHeldBack } from './render-held-back.ts';
import { renderMoment } from './render-moment.ts';
import { renderWaiting } from './render-questions.ts';
import { renderRemedy } from './render-remedy.ts';

/** The first line everywhere: where the run stands, or why it cannot be merged yet. */
export function renderHeadline(run: Run): string {
  return [renderState(run), renderAsking(run), renderArmed(run), renderHolding(run)]
    .filter((part) => part !== '')
    .join(' ');
}

function renderArmed({ armed }: Run): string {
  return armed ? `It is merged as soon as the gate opens, as ${quoteName(armed.actor.login)} asked for.` : '';
}

function renderHolding({ pausing, finishing }: Run): string {
  if (pausing && !pausing.cause) return `A pause was asked for by ${quoteName(pausing.by)}: what is under way may end.`;
  if (finishing) return `It is being finished, asked for by ${quoteName(finishing.by)}: nothing new starts.`;
  return '';
}

/** Somebody is asked while the run works, or is held by somebody else. */
function renderAsking(run: Run): string {
  return run.state.kind === 'needs_input' ? '' : renderWaiting(run);
}

function renderState(run: Run): string {
  const { state } = run;
  switch (state.kind) {
    case 'planning':
      return run.tasks.length === 0 ? '**Planning** the work.' : '**Planning again** what is left of the work.';
    case 'awaiting_approval':
      return renderAwaiting(run);
    case 'executing':
      return renderExecuting(run, state.phase);
    case 'reviewing':
      if (state.bringsIn) return `**Bringing** ${quoteCode(run.base.branch)} in, and verifying the result.`;
      if (state.phase === 'resolving')
        return run.conflicts && isDecided(run.conflicts)
          ? '**Resolving** what conflicts as people said, to verify the result.'
          : `**Settling** a conflict with ${quoteCode(run.base.branch)} by an agent, to verify the result.`;
      if (state.phase === 'judging') return '**Reviewing** what would be merged.';
      if (state.follows && state.phase === 'verifying') return `**Verifying again**, since ${tellWhatMoved(run)}.`;
      return state.phase === 'verifying'
        ? '**Verifying** the exact merge result.'
        : '**Publishing** the verified branch.';
    case 'ready': {
      const verdict = evaluateGate(run);
      return verdict.state.kind === 'open'
        ? `**Ready to merge.** ${verdict.because}${renderHeldCi(run)}`
        : `**Not mergeable yet:** ${verdict.because}`;
    }
    case 'merging':
      return renderMerging(run, state);
    case 'merged':
      return state.isProven
        ? `**Merged** as \`${state.sha}\`. The merged tree \`${state.tree}\` is the tree that was verified.`
        : `**ALARM: merged as \`${state.sha}\`, but the merged tree \`${state.tree}\` is not the verified one** (\`${run.verification?.key.tree ?? 'none'}\`). Look at what came in between.`;
    case 'paused':
      return run.proposal ? renderProposal(run, state, run.proposal) : renderPaused(run, state);
    case 'needs_input':
      return renderWaiting(run);
    case 'stopping':
      return `**Stopping**, asked for by ${quoteName(state.by)}.`;
    case 'stopped':
      return `**Stopped** by ${quoteName(state.by)}${renderReason(state)}. What was done is kept; \`/${run.policy.slash} resume\` goes on with the rest.`;
    case 'failed':
      return `**Failed.** ${renderCause(state.cause)} ${renderNext(run, state.cause)}${renderKept(run)}`;
    case 'reported':
      return renderReported(run);
    case 'superseded':
      return `**Superseded** by \`${state.head}\`, which does not continue what was verified here.`;
    case 'closed':
      return `**Closed** by ${quoteName(state.by)}.`;
  }
}

/** GitHub says nothing of it but on the pull request itself, and checks that it needs never come. */
function renderHeldCi({ pullRequest }: Run): string {
  const held = pullRequest?.heldCi ?? [];
  if (held.length === 0) return '';
  const names = held
    .slice(0, 3)
    .map((name) => quoteInline(name))
    .join(', ');
  return ` **CI waits for approval:** ${names} will not run here before somebody lets it, at the end of the pull request.`;
}

/** Where people can say what is to stand there, that is what to do. */
function renderNext(run: Run, cause: Cause): string {
  const { conflicts, pullRequest, policy } = run;
  return conflicts && conflicts.head === pullRequest?.head
    ? renderHowToResolve(run, conflicts)
    : renderRemedy(cause, policy.slash);
}

/** What a limit or a fault kept from being delivered is not lost, and not to be seen anywhere yet. */
function renderKept(run: Run): string {
  const count = listUndelivered(run).length;
  if (count === 0) return '';
  const what = count === 1 ? 'One task that is' : `${count} tasks that are`;
  return ` ${what} merged into the branch ${count === 1 ? 'is' : 'are'} kept and not delivered yet.`;
}

function renderMerging(run: Run, { by }: Extract<Run['state'], { kind: 'merging' }>): string {
  if (by.kind === 'person') return '**Merged;** what landed is being read.';
  if (by.phase === 'merging') return '**Merging.**';
  const branch = quoteCode(run.base.branch);
  const moved = run.baseMoved === undefined ? '' : ` ${branch} has moved to \`${run.baseMoved.to}\``;
  if (by.phase === 'verifying') return `**Verifying again before the merge:**${moved}.`;
  const place = by.ahead ? `, behind ${by.ahead} other ${by.ahead === 1 ? 'merge' : 'merges'}` : '';
  const stale = moved === '' ? '' : `${moved}, so it is verified again when its turn comes.`;
  return `**Waiting for its turn** to merge into ${branch}${place}.${stale}`;
}

function renderExecuting(run: Run, phase: ExecutingPhase): string {
  if (run.reads) return `**Reviewing** \`${run.reads.head.slice(0, 10)}\`.`;
  const round = findOpenRound(run);
  if (round) return renderRound(round, phase);
  const batch = `batch ${run.behind.length + 1} of ${run.behind.length + run.ahead.length}`;
  if (phase === 'attempting') return `**Working** on ${batch}.`;
  if (phase === 'accepting') return `**Reviewing** ${batch} against its acceptance items.`;
  return phase === 'integrating' ? `**Merging and verifying** ${batch}.` : `**Deciding** what follows ${batch}.`;
}

function renderRound(round: FixRound, phase: ExecutingPhase): string {
  const what = `${renderTargets(round)}, round ${round.number} of fixes`;
  return phase === 'attempting' ? `**Working** on ${what}.` : `**Merging and verifying** what was made of ${what}.`;
}

/** The pilot alone does not end a run in which something could still run. */
function renderProposal(
  { policy, integration }: Run,
  { by, lookAt }: Extract<Run['state'], { kind: 'paused' }>,
  { reason }: NonNullable<Run['proposal']>,
): string {
  const deliver = integration ? `\`/${policy.slash} finish\` delivers what is merged, ` : '';
  const otherwise =
    lookAt === undefined
      ? `It is paused by ${quoteName(by)}.`
      : `Without an answer it goes on at ${renderMoment(lookAt)}.`;
  return `**Waiting for an answer:** the gate pilot wants to end the run (${quoteInline(reason, 400)}), and something could still run. \`/${policy.slash} stop\` ends it, ${deliver}\`/${policy.slash} resume\` goes on with what can run. ${otherwise}`;
}

function renderPaused(run: Run, state: Extract<Run['state'], { kind: 'paused' }>): string {
  if (state.wants === 'override') return renderHeldBack(run);
  const { policy } = run;
  if (run.isHeld)
    return `**Held** by the label ${quoteCode(nameLabel(policy.labelPrefix, 'hold'))}: nothing starts until somebody takes it off.`;
  const next = `\`/${policy.slash} resume\` goes on, \`/${policy.slash} stop\` ends it.`;
  if (!state.cause) {
    return `**Paused** by ${quoteName(state.by)}${renderReason(state)}. Nothing starts until somebody says so: ${next}`;
  }
  const who = state.cause.kind === 'budget' ? `by the limit "${state.cause.limit}"` : 'by an outage';
  const look =
    state.lookAt === undefined
      ? `It has looked often enough: when that is over, ${next}`
      : `Nothing is lost; it looks again by itself at ${renderMoment(state.lookAt)}. Earlier, ${next}`;
  return `**Paused** ${who}. ${renderCause(state.cause)} ${look}`;
}

function renderReason({ reason }: { readonly reason?: string | undefined }): string {
  return reason === undefined ? '' : ` (${quoteInline(reason)})`;
}
