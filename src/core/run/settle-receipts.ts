// Every accepted trigger ends in a visible terminal state: the one that started a run ends with it.
import { evaluateGate } from '../gate/evaluate-gate.ts';
import type { Receipt } from '../model/record.ts';
import { isLive, type Run } from '../model/run.ts';
import { type Draft, settleReceipt } from './draft.ts';

export function settleReceipts(draft: Draft): void {
  const { run, receipts } = draft.record;
  if (!run) return;
  for (const receipt of receipts) {
    if (receipt.state.kind !== 'started') continue;
    const end = findEnd(run, receipt.command);
    if (end) settleReceipt(draft, receipt.id, end.state, end.reply);
  }
}

interface End {
  readonly state: Receipt['state']['kind'];
  readonly reply?: string;
}

/** How a command that was accepted ends, once it does. */
function findEnd(run: Run, command: string): End | undefined {
  if (command === 'pause') return findEndOfPause(run);
  // Whether an agent heard it decides: see `take-instructed.ts`.
  if (command === 'tell') return undefined;
  // A plan that was asked for is there once it waits for its approval.
  if (command === 'plan' && run.state.kind === 'awaiting_approval') return { state: 'done' };
  if (isLive(run)) return undefined;
  switch (command) {
    case 'merge':
      // It waits for the pull request to be marked ready for review.
      if (run.armed) return undefined;
      return run.state.kind === 'merged'
        ? { state: 'done' }
        : { state: 'refused', reply: `Not merged: ${evaluateGate(run).because}` };
    case 'run':
    case 'plan':
    case 'resume':
    case 'continue':
    case 'retry':
    case 'rebase':
    case 'resolve':
      return { state: run.state.kind === 'failed' ? 'failed' : 'done' };
    case 'fix':
      return { state: 'failed', reply: `Run ${run.id} came to rest before its round of fixes was over.` };
    case 'finish':
      return { state: 'done', reply: `Run ${run.id} is finished with what was built.` };
    default:
      return { state: 'done' };
  }
}

function findEndOfPause(run: Run): End | undefined {
  if (run.state.kind === 'paused') {
    const { slash } = run.policy;
    return {
      state: 'done',
      reply: `Run ${run.id} is paused: \`/${slash} resume\` goes on, \`/${slash} stop\` ends it.`,
    };
  }
  if (isLive(run) && run.pausing) return undefined;
  return { state: 'refused', reply: `Run ${run.id} was not paused: it ended, or went on, before that.` };
}
