// Nobody decides: whatever failed is tried again, and the order stays. The arm that spreads raw logs goes on like this.
import { emptyDecision, placeInOrder, readPilotPrompt } from './pilot-prompt.ts';
import type { Think } from './scripted-model.ts';

export function createRetryAll(): Think {
  return ({ prompt }) => {
    const { retryable, rolledBack, remaining, upcoming } = readPilotPrompt(prompt);
    const strategies = retryable.map((task) => ({ task, action: 'retry', reason: 'Everything is tried again.' }));
    const batches = placeInOrder(upcoming, new Set([...rolledBack, ...remaining, ...retryable]));
    return { ...emptyDecision, strategies, batches };
  };
}
