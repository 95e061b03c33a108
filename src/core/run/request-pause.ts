import { isLive } from '../model/run.ts';
import { type Draft, note, settleReceipt } from './draft.ts';
import { toHeldState } from './hold.ts';

interface Pause {
  readonly receiptId: string;
  readonly login: string;
  readonly reason?: string | undefined;
}

const reasonChars = 300;

/** `/pilot pause`: nothing new starts, what is under way ends and is kept. Asked twice, it is one hold. */
export function requestPause(draft: Draft, { receiptId, login, reason }: Pause): void {
  const { run } = draft.record;
  if (!run || !isLive(run)) return settleReceipt(draft, receiptId, 'refused', 'Nothing is running here.');
  const hold = { by: login, ...(reason === undefined ? {} : { reason: reason.slice(0, reasonChars) }) };
  if (run.state.kind === 'paused') {
    // A person's hold outlasts the outage, or the question to people, that held the run until now.
    if (run.state.cause || run.state.lookAt !== undefined || run.state.isByLabel) {
      const { kind, since, back } = run.state;
      run.state = { kind, since, back, ...hold };
    }
    return settleReceipt(draft, receiptId, 'started');
  }
  if (!toHeldState(run.state)) {
    const why = run.state.kind === 'merging' ? 'is being merged' : 'is being stopped';
    return settleReceipt(draft, receiptId, 'refused', `Run ${run.id} ${why}: there is nothing left to hold.`);
  }
  if (!run.pausing || run.pausing.cause || run.pausing.lookAt !== undefined || run.pausing.isByLabel) {
    note(draft, 'pause', `@${login} asked to pause`);
    run.pausing = hold;
  }
  settleReceipt(draft, receiptId, 'started');
}
