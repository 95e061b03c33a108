import { type Run, toPhase } from '../model/run.ts';
import { closed, type Verdict } from './verdict.ts';

/** A part of the gate for as long as somebody holds it. */
export function evaluateHold({ isHeld, state }: Run): Verdict[] {
  if (!isHeld || toPhase(state) === 'final') return [];
  return [shutByLabel()];
}

/** `of` names another pull request that has the label, and goes by the same check. */
export function shutByLabel(of?: number): Verdict {
  const where = of === undefined ? 'on' : `on #${of}, which has this head too`;
  return closed(
    'hold',
    'action_required',
    `The label \`pilot:hold\` is ${where}: nothing is merged until somebody takes it off.`,
  );
}
