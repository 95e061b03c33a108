import { isLive, type Run } from '../model/run.ts';
import { type Draft, note, settleReceipt } from './draft.ts';
import { endHold, takeBackPending, toHeldState } from './hold.ts';

/** `/pilot finish`: what works may end, nothing new starts, and what was built is delivered. */
export function requestFinish(draft: Draft, receiptId: string, login: string): void {
  const { run } = draft.record;
  const refuse = (reply: string) => settleReceipt(draft, receiptId, 'refused', reply);
  if (!run || !isLive(run)) return refuse('Nothing is running here.');
  const position = run.state.kind === 'paused' ? run.state.back : toHeldState(run.state);
  if (!position) {
    const why = run.state.kind === 'merging' ? 'is being merged' : 'is being stopped';
    return refuse(`Run ${run.id} ${why}: nothing else would start.`);
  }
  if (position.kind === 'planning' || position.kind === 'awaiting_approval')
    return refuse(`Nothing is built yet that could be kept; \`/${run.policy.slash} stop\` ends run ${run.id}.`);
  settleReceipt(draft, receiptId, 'started');
  finishRun(draft, run, login);
}

function finishRun(draft: Draft, run: Run, login: string): void {
  if (!run.finishing) note(draft, 'finish', `@${login} asked to finish with what is built`);
  run.finishing ??= { by: login };
  // Finishing is going on: it ends a hold, whether that has taken hold or not.
  delete run.pausing;
  if (run.state.kind === 'paused') endHold(draft, run, run.state);
  const starting = ['baseline', 'attempt', 'pilot'];
  if (run.state.kind === 'executing') takeBackPending(draft, run, (kind) => starting.includes(kind));
}
