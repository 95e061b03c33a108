import type { Run } from '../model/run.ts';
import { closed, type Verdict } from './verdict.ts';

/** A part of the gate for as long as somebody holds it. */
export function evaluateHold({ isHeld }: Run): Verdict[] {
  if (!isHeld) return [];
  return [
    closed('hold', 'action_required', 'The label `pilot:hold` is on: it is merged when somebody takes that off.'),
  ];
}
