import { type Run, toPhase } from '../model/run.ts';
import { closed, type Verdict } from './verdict.ts';

/** A part of the gate for as long as somebody holds it. */
export function evaluateHold({ isHeld, state }: Run): Verdict[] {
  if (!isHeld || toPhase(state) === 'final') return [];
  return [
    closed('hold', 'action_required', 'The label `pilot:hold` is on: nothing is merged until somebody takes it off.'),
  ];
}
