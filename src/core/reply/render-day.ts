import type { Cause } from '../model/cause.ts';
import type { Run } from '../model/run.ts';
import { renderCause } from './render-cause.ts';
import { renderMoment } from './render-moment.ts';
import { pricesMissing } from './render-money.ts';

export interface DayAccount {
  /** The setting that limits it. */
  readonly limit: string;
  readonly capMicroUsd: number;
  readonly committedMicroUsd: number;
  /** Of that: what is set aside for actions under way. */
  readonly openMicroUsd: number;
  readonly resetsAt: number;
}

/** What a day gave so far, of everything that it is shared by. */
export function renderDay(accounts: readonly DayAccount[] | 'not counted'): string {
  if (accounts === 'not counted') return `No limit of money holds here: ${pricesMissing}.`;
  return accounts
    .map(({ limit, capMicroUsd, committedMicroUsd, openMicroUsd, resetsAt }) => {
      const usd = (microUsd: number) => `$${(microUsd / 1e6).toFixed(4)}`;
      const spent = usd(committedMicroUsd - openMicroUsd);
      return `Today, \`${limit}\`: ${spent} spent and ${usd(openMicroUsd)} set aside for work under way, of $${(capMicroUsd / 1e6).toFixed(2)}; it begins anew at ${renderMoment(resetsAt)}.`;
    })
    .join('\n');
}

/** A day is shared with others: nobody raises it for one run. */
export function renderDayHold({ id, policy }: Run, cause: Cause): string {
  return `Run ${id} waits. ${renderCause(cause)} All runs share that limit, so it is raised where it is set; \`/${policy.slash} resume\` then goes on.`;
}
