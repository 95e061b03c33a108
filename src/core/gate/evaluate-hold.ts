import { nameLabel } from '../command/own-label.ts';
import type { SubjectRecord } from '../model/record.ts';
import { type Run, toPhase } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { closed, type Verdict } from './verdict.ts';

/** A part of the gate for as long as somebody holds it. */
export function evaluateHold({ isHeld, state, policy }: Run): Verdict[] {
  if (!isHeld || toPhase(state) === 'final') return [];
  return [shutByLabel({ label: nameLabel(policy.labelPrefix, 'hold') })];
}

export interface HeldBy {
  readonly label: string;
  /** Another pull request that has the label, and goes by the same check. */
  readonly of?: number;
}

export function shutByLabel({ label, of }: HeldBy): Verdict {
  const where = of === undefined ? 'on' : `on #${of}, which has this head too`;
  return closed(
    'hold',
    'action_required',
    `The label ${quoteCode(label)} is ${where}: nothing is merged until somebody takes it off.`,
  );
}

/** The label by which it is held, as somebody who reads of it finds it. */
export function nameHoldLabel({ held, run }: Pick<SubjectRecord, 'held' | 'run'>): string {
  return held?.label ?? nameLabel(run?.policy.labelPrefix, 'hold');
}
