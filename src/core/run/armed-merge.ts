// A merge that is asked for while its verdict is on its way: armed for one head that people have seen, and carried out as soon
// as the gate opens for that one, wherever the base has moved meanwhile. Whatever else happens to the run disarms it.
import { evaluateGate } from '../gate/evaluate-gate.ts';
import type { Actor } from '../model/actor.ts';
import type { Run } from '../model/run.ts';
import { renderCause } from '../reply/render-cause.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';

/** The head was verified before, and is being judged once more. */
export function mayArm({ state, pullRequest, verification }: Run): boolean {
  return state.kind === 'reviewing' && pullRequest !== undefined && verification?.key.head === pullRequest.head;
}

export function arm(draft: Draft, run: Run, { actor, receiptId }: { actor: Actor; receiptId: string }): void {
  const head = run.pullRequest?.head ?? '';
  const by = run.armed?.actor.login;
  if (by !== undefined)
    return settleReceipt(draft, receiptId, 'refused', `It is merged as soon as the gate opens, as @${by} asked for.`);
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
  if (pullRequest?.head !== armed.head)
    return disarm(
      draft,
      run,
      `it was asked for at head \`${armed.head}\`, and the head is now \`${pullRequest?.head}\``,
    );
  if (verdict.state.kind !== 'open') return disarm(draft, run, verdict.because);
  delete run.armed;
  beginMerge(draft, run, armed);
}

/** Held, it waits with the run. */
export function disarmUnlessComing(draft: Draft): void {
  const { run } = draft.record;
  if (!run?.armed) return;
  const { state } = run;
  const { kind } = 'back' in state ? state.back : state;
  if (kind === 'reviewing') return;
  disarm(draft, run, state.kind === 'failed' ? renderCause(state.cause) : evaluateGate(run).because);
}

function disarm(draft: Draft, run: Run, why: string): void {
  if (!run.armed) return;
  settleReceipt(draft, run.armed.receiptId, 'refused', `Not merged: ${why}`);
  note(draft, 'merge_refused', `the merge was refused: ${why}`);
  delete run.armed;
}

/** The settings want it: tried once with each verdict, in the name of whoever started the run. */
export function mergeByItself(draft: Draft, run: Run): void {
  const { verification, policy, startedBy: actor } = run;
  if (!policy.mergesByItself || !verification || run.pullRequest?.state !== 'open') return;
  const { head, base } = verification.key;
  const tried = `${head} on ${base}`;
  if (run.triedToMerge === tried || evaluateGate(run).state.kind !== 'open') return;
  run.triedToMerge = tried;
  note(draft, 'merge', `the settings want ${head.slice(0, 10)} merged, since its gate is open`);
  // Nobody waits for an answer to it.
  beginMerge(draft, run, { actor, receiptId: `by itself: ${tried}` });
}

/** Each command has a turn of its own in the lane: the grant of an earlier one is not merged under twice. */
export function beginMerge(
  draft: Draft,
  run: Run,
  { actor, receiptId, baseWhenAsked }: { actor: Actor; receiptId: string; baseWhenAsked?: string | undefined },
): void {
  delete run.mergeRefusal;
  if (draft.record.lane) draft.record.lane.isOver = true;
  const by = { kind: 'command', actor, receiptId, phase: 'waiting', turns: 0, verifications: 0 } as const;
  enter(draft, run, {
    kind: 'merging',
    since: draft.now,
    by: baseWhenAsked === undefined ? by : { ...by, baseWhenAsked },
  });
}
