import type { Cause } from '../model/cause.ts';
import type { Run } from '../model/run.ts';
import { renderCause } from './render-cause.ts';
import { renderMoment } from './render-moment.ts';
import { pricesMissing } from './render-money.ts';

export interface PotAccount {
  readonly span: 'day' | 'month';
  /** The setting that limits it. */
  readonly limit: string;
  readonly capMicroUsd: number;
  readonly committedMicroUsd: number;
  /** Of that: what is set aside for actions under way. */
  readonly openMicroUsd: number;
  readonly resetsAt: number;
}

/** What a day and a month gave so far, of everything that they are shared by. */
export function renderDay(accounts: readonly PotAccount[] | 'not counted'): string {
  if (accounts === 'not counted') return `No limit of money holds here: ${pricesMissing}.`;
  return accounts
    .map(({ span, limit, capMicroUsd, committedMicroUsd, openMicroUsd, resetsAt }) => {
      const usd = (microUsd: number) => `$${(microUsd / 1e6).toFixed(4)}`;
      const spent = usd(committedMicroUsd - openMicroUsd);
      return `${span === 'day' ? 'Today' : 'This month'}, \`${limit}\`: ${spent} spent and ${usd(openMicroUsd)} set aside for work under way, of $${(capMicroUsd / 1e6).toFixed(2)}; it begins anew at ${renderMoment(resetsAt)}.`;
    })
    .join('\n');
}

/** A day and a month are shared with others: nobody raises them for one run. */
export function renderDayHold({ id, policy }: Run, cause: Cause): string {
  return `Run ${id} waits. ${renderCause(cause)} All runs share that limit, so it is raised where it is set; \`/${policy.slash} resume\` then goes on.`;
}
