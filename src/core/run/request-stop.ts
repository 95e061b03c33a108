import { isLive, type Run } from '../model/run.ts';
import { cancelWork, type Draft, enter, note, settleReceipt } from './draft.ts';

/** `/pilot stop`: what is not started never starts, what is under way is ended, what was done is kept. */
export function requestStop(draft: Draft, receiptId: string, login: string): void {
  const { run } = draft.record;
  if (!run || !isLive(run)) {
    return settleReceipt(draft, receiptId, 'refused', 'Nothing is running here.');
  }
  settleReceipt(draft, receiptId, 'started');
  stopRun(draft, run, login);
}

export function stopRun(draft: Draft, run: Run, login: string): void {
  if (run.state.kind === 'stopping') return;
  note(draft, 'stop', `@${login} asked to stop`);
  cancelWork(draft);
  enter(draft, run, { kind: 'stopping', since: draft.now, by: login });
}
