// Every accepted trigger ends in a visible terminal state: the one that started a run ends with it.
import { toPhase } from '../model/run.ts';
import { type Draft, settleReceipt } from './draft.ts';

export function settleReceipts(draft: Draft): void {
  const { run, receipts } = draft.record;
  if (!run) return;
  const isOver = toPhase(run.state) !== 'working';
  for (const receipt of receipts) {
    if (receipt.state.kind !== 'started' || !isOver) continue;
    if (receipt.command === 'run') settleReceipt(draft, receipt.id, run.state.kind === 'failed' ? 'failed' : 'done');
    if (receipt.command === 'stop') settleReceipt(draft, receipt.id, 'done');
    if (receipt.command === 'merge') settleReceipt(draft, receipt.id, run.state.kind === 'merged' ? 'done' : 'refused');
  }
}
