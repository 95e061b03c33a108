// As `redact`, for text of any size: leases are renewed and stops are heard between one look and the next.
import { setImmediate } from 'node:timers/promises';
import { type Redacted, redactInSteps, redactShapesInSteps } from '../core/sanitise/redact.ts';

export function redactInTurns(text: string): Promise<Redacted> {
  return endInTurns(redactInSteps(text));
}

export function redactShapesInTurns(text: string): Promise<Redacted> {
  return endInTurns(redactShapesInSteps(text));
}

async function endInTurns(steps: ReturnType<typeof redactInSteps>): Promise<Redacted> {
  let step = steps.next();
  while (!step.done) {
    await setImmediate();
    step = steps.next();
  }
  return step.value;
}
