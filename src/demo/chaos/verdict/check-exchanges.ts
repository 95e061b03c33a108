// Every exchange between the bot and the local GitHub, held to GitHub's published schemas.

import { createExchangeChecker } from '../../github/schema/check-exchange.ts';
import type { Delivery } from '../../github/state/delivery.ts';
import { maxRequestEntries, type RequestEntry } from '../../github/state/request-log.ts';
import type { Finding } from './finding.ts';

export interface Checked {
  readonly exchanges: number;
  readonly webhooks: number;
  /** The log has room for so many; what was older than that could not be checked. */
  readonly isWhole: boolean;
  readonly findings: readonly Finding[];
}

/** What nobody looked at proves nothing. */
const overflow: Finding = { kind: 'wrong', where: 'the log of GitHub', what: 'older exchanges had left it unchecked' };

export function checkExchanges(requests: readonly RequestEntry[], deliveries: readonly Delivery[]): Checked {
  const checker = createExchangeChecker();
  const api = requests.filter(({ transport, token }) => transport === 'rest' && token !== 'person');
  const answered = api.filter(({ status }) => status !== null);
  const mistakes = [
    ...answered.flatMap(({ method, path, status, requestBody, responseBody, fault }) => {
      const [bare = '', query] = path.split('?');
      const exchange = { method, path: bare, status: status ?? 0, requestBody, responseBody };
      const found = checker.checkExchange(query === undefined ? exchange : { ...exchange, query });
      // No schema lists what we broke ourselves; what the bot had asked is checked all the same.
      return found.filter(({ side }) => fault === undefined || side === 'request');
    }),
    ...deliveries.flatMap(({ event, request }) => checker.checkWebhook({ event, payload: request.payload })),
  ];
  const isWhole = requests.length < maxRequestEntries && deliveries.length < maxRequestEntries;
  const missing = requests.filter(({ status }) => status === 501).map(({ method, path }) => `${method} ${path}`);
  return {
    exchanges: answered.length,
    webhooks: deliveries.length,
    isWhole,
    findings: [
      ...(isWhole ? [] : [overflow]),
      ...mistakes.map((mistake): Finding => {
        return {
          kind: 'wrong',
          where: mistake.subject,
          what: `${mistake.side} ${mistake.pointer}: ${mistake.message}`,
        };
      }),
      ...missing.map((route): Finding => ({ kind: 'wrong', where: route, what: 'no such route on the local GitHub' })),
    ],
  };
}
