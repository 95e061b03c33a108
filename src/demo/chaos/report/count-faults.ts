// What of the plan really happened, counted in GitHub's own logs: a fault that met nobody is no test.
import type { Delivery } from '../../github/state/delivery.ts';
import type { RequestEntry } from '../../github/state/request-log.ts';

export interface FaultCounts {
  /** Requests of the bot that met each kind of fault. */
  readonly answers: Readonly<Record<string, number>>;
  readonly cutAnswers: number;
  readonly dropped: number;
  readonly doubled: number;
  /** Sent while nobody listened, or refused because they could not be kept. */
  readonly failed: number;
  readonly redelivered: number;
}

export function countFaults(requests: readonly RequestEntry[], deliveries: readonly Delivery[]): FaultCounts {
  const answers: Record<string, number> = {};
  for (const { fault } of requests) if (fault !== undefined) answers[fault] = (answers[fault] ?? 0) + 1;
  const firsts = deliveries.filter(({ redelivery }) => !redelivery);
  return {
    answers,
    cutAnswers: requests.filter(({ held }) => held === 'dropped').length,
    dropped: deliveries.filter(({ state }) => state === 'dropped').length,
    doubled: firsts.length - new Set(firsts.map(({ guid }) => guid)).size,
    failed: deliveries.filter(({ state }) => state === 'failed').length,
    redelivered: deliveries.filter(({ redelivery }) => redelivery).length,
  };
}
