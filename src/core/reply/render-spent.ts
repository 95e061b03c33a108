import type { Run } from '../model/run.ts';
import { attemptsOf } from '../run/budget.ts';
import { renderMoney } from './render-money.ts';

/** What a run has used up, and its attempts where the policy limits them. */
export function renderSpent(run: Run): string {
  const { used, cap } = attemptsOf(run);
  return cap === Number.POSITIVE_INFINITY
    ? renderMoney(run.spend)
    : `${renderMoney(run.spend)}, ${used} of ${cap} attempts`;
}
