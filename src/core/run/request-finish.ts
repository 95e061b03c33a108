import { isLive, type Run } from '../model/run.ts';
import { cancelWork, type Draft, enter, note, settleReceipt } from './draft.ts';
import { endHold, takeBackPending, toHeldState } from './hold.ts';
import { skipWaiting } from './task-state.ts';

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
  const isBetween = position.kind === 'planning' || position.kind === 'awaiting_approval';
  if (isBetween && !run.integration)
    return refuse(`Nothing is built yet that could be kept; \`/${run.policy.slash} stop\` ends run ${run.id}.`);
  settleReceipt(draft, receiptId, 'started');
  if (isBetween) deliverBefore(draft, run, login);
  else finishRun(draft, run, login);
}

/** What plans before the one that is made or waits have merged is delivered, and nothing of that one is begun. */
function deliverBefore(draft: Draft, run: Run, login: string): void {
  note(draft, 'finish', `@${login} asked to finish with what earlier plans have built`);
  run.finishing = { by: login };
  delete run.pausing;
  cancelWork(draft);
  skipWaiting(run, login, []);
  run.ahead = [];
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
}

function finishRun(draft: Draft, run: Run, login: string): void {
  if (!run.finishing) note(draft, 'finish', `@${login} asked to finish with what is built`);
  run.finishing ??= { by: login };
  // Finishing is going on: it ends a hold, whether that has taken hold or not.
  delete run.pausing;
  delete run.proposal;
  if (run.state.kind === 'paused' || run.state.kind === 'needs_input') endHold(draft, run, run.state);
  const starting = ['baseline', 'attempt', 'pilot', 'repair'];
  if (run.state.kind === 'executing' || run.state.kind === 'reviewing')
    takeBackPending(draft, run, (kind) => starting.includes(kind));
}
