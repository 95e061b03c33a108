// The label `pilot:hold`: for as long as it is on, no new batch starts and nothing is merged by us. What is under way ends and is kept.
import { isLive } from '../model/run.ts';
import { type Draft, note, settleReceipt } from './draft.ts';
import { endHold, toHeldState } from './hold.ts';
import { takeMergeBack } from './request-unmerge.ts';

/** As people read it in the reason of a pause. */
const reason = 'label pilot:hold';

export function holdByLabel(draft: Draft, receiptId: string, login: string): void {
  const { record } = draft;
  record.held ??= { by: login, at: draft.now };
  note(draft, 'hold', `@${login} wants nothing new to start and nothing to be merged here`);
  settleReceipt(draft, receiptId, 'done');
  const { run } = record;
  if (!run) return;
  run.isHeld = true;
  takeMergeBack(draft, run, 'The label `pilot:hold` is on.');
  const isFree = isLive(run) && run.state.kind !== 'paused' && toHeldState(run.state) !== undefined;
  if (isFree && (!run.pausing || run.pausing.cause)) run.pausing = { by: login, reason };
}

export function releaseByLabel(draft: Draft, receiptId: string, login: string): void {
  const { record } = draft;
  const { run } = record;
  settleReceipt(draft, receiptId, 'done');
  if (!record.held) return;
  delete record.held;
  note(draft, 'release', `@${login} lets things start and be merged here again`);
  if (!run) return;
  delete run.isHeld;
  if (run.pausing?.reason === reason) delete run.pausing;
  // A pause that somebody asked for besides stays.
  if (run.state.kind === 'paused' && run.state.reason === reason) endHold(draft, run, run.state);
}
