// A merge that is asked for while its verdict is on its way: armed for one head that people have seen, and carried out as soon
// as the gate opens for that one, wherever the base has moved meanwhile. Whatever else happens to the run disarms it.
import { listUnpushedRepairs } from '../conflict/list-resolved.ts';
import { evaluateGate } from '../gate/evaluate-gate.ts';
import { isReadySoon } from '../gate/is-only-draft.ts';
import type { Actor } from '../model/actor.ts';
import type { Run, RunState } from '../model/run.ts';
import { quoteName } from '../reply/quote-inline.ts';
import { renderCause } from '../reply/render-cause.ts';
import { type Draft, enter, note, settleReceipt, toRevision } from './draft.ts';
import { toOwnReceipt } from './refuse-merge.ts';

type Command = Extract<Extract<RunState, { kind: 'merging' }>['by'], { kind: 'command' }>;
type Beginning = Pick<Command, 'actor' | 'receiptId' | 'baseWhenAsked' | 'shownFrom' | 'isBySettings'>;

/**
 * The head that a merge may be armed for: it was verified, and is being judged once more, or is marked ready for review soon; or it
 * holds the base besides, and is pushed soon.
 */
export function findArmable(run: Run): string | undefined {
  const { state, pullRequest, verification, broughtIn } = run;
  const head = verification?.key.head;
  // What an agent settled is seen before anybody can mean it.
  const isPlain = broughtIn !== undefined && listUnpushedRepairs(run).length === 0;
  const isShown = head !== undefined && (head === pullRequest?.head || (isPlain && head === broughtIn.commit));
  const isComing = state.kind === 'reviewing' || (state.kind === 'ready' && isReadySoon(run));
  return isComing && pullRequest?.state === 'open' && isShown ? head : undefined;
}

export function arm(
  draft: Draft,
  run: Run,
  { head, actor, receiptId }: { head: string; actor: Actor; receiptId: string },
): void {
  const by = run.armed?.actor.login;
  if (by !== undefined)
    return settleReceipt(
      draft,
      receiptId,
      'refused',
      `It is merged as soon as the gate opens, as ${quoteName(by)} asked for.`,
    );
  run.armed = { actor, receiptId, head };
  delete run.mergeRefusal;
  settleReceipt(draft, receiptId, 'started');
  note(draft, 'armed', `@${actor.login} asked to merge ${head.slice(0, 10)} as soon as the gate opens`);
}

/** A run that rests on a verdict: its gate is open for what was armed, or the merge is refused with what keeps it shut. */
export function takeArmed(draft: Draft, run: Run): void {
  const { armed, pullRequest } = run;
  if (!armed) return;
  const verdict = evaluateGate(run);
  if (draft.pausedBy !== undefined) return disarm(draft, run, `${quoteName(draft.pausedBy)} asked for a pause.`);
  if (pullRequest?.head !== armed.head)
    return disarm(
      draft,
      run,
      `it was asked for at head \`${armed.head}\`, and the head is now \`${pullRequest?.head}\``,
    );
  if (isReadySoon(run)) return;
  if (verdict.state.kind !== 'open') return disarm(draft, run, verdict.because);
  delete run.armed;
  beginMerge(draft, run, { ...armed, shownFrom: toRevision(draft) });
}

/** Held, it waits with the run. */
export function disarmUnlessComing(draft: Draft): void {
  const { run } = draft.record;
  if (!run?.armed) return;
  const { state } = run;
  const { kind } = 'back' in state ? state.back : state;
  if (kind === 'reviewing' || (kind === 'ready' && isReadySoon(run))) return;
  // Somebody was faster: whoever asked for it is told how that ended.
  if (kind === 'merging' || kind === 'merged') {
    delete run.armed;
    return;
  }
  disarm(draft, run, state.kind === 'failed' ? renderCause(state.cause) : evaluateGate(run).because);
}

/** The merge that was wanted is not made, and whoever asked for it is told why. */
export function disarm(draft: Draft, run: Run, why: string): void {
  if (!run.armed) return;
  settleReceipt(draft, run.armed.receiptId, 'refused', `Not merged: ${why}`);
  note(draft, 'merge_refused', `the merge was refused: ${why}`);
  delete run.armed;
}

/** The settings want it: tried once with each verdict, in the name of whoever started the run. */
export function mergeByItself(draft: Draft, run: Run): void {
  const { verification, policy, startedBy: actor } = run;
  if (
    !policy.mergesByItself ||
    run.staysOpen ||
    draft.record.ignored ||
    !verification ||
    run.pullRequest?.state !== 'open'
  )
    return;
  const { head, base } = verification.key;
  const tried = `${head} on ${base}`;
  if (run.triedToMerge === tried || evaluateGate(run).state.kind !== 'open') return;
  run.triedToMerge = tried;
  if (draft.pausedBy !== undefined)
    return note(draft, 'merge_refused', `it does not merge by itself: @${draft.pausedBy} asked for a pause`);
  note(draft, 'merge', `the settings want ${head.slice(0, 10)} merged, since its gate is open`);
  // Nobody waits for an answer to it.
  const isByNobody = actor.kind === 'bot' || actor.id === 0;
  beginMerge(draft, run, {
    actor,
    receiptId: toOwnReceipt(tried),
    shownFrom: toRevision(draft),
    ...(isByNobody ? { isBySettings: true } : {}),
  });
}

/** Each command has a turn of its own in the lane: the grant of an earlier one is not merged under twice. */
export function beginMerge(draft: Draft, run: Run, about: Beginning): void {
  delete run.mergeRefusal;
  if (draft.record.lane) draft.record.lane.isOver = true;
  const by = { kind: 'command', ...about, phase: 'waiting', turns: 0, verifications: 0 } as const;
  enter(draft, run, { kind: 'merging', since: draft.now, by });
}
