// Agents pass on a model's error as text, mostly with the status in front. The status is believed before the words.
import type { AgentFault } from '../engine/port/agent.ts';

const statusInFront = /^\D{0,40}([45]\d\d)\b/;

const contextWords =
  /context.{0,20}(length|window|limit|size)|(prompt|input|messages?) (is|are) too (long|large)|request_too_large|tokens?.{0,30}exceed/i;
const otherWords: readonly (readonly [AgentFault, RegExp])[] = [
  ['auth', /authentication|unauthori[sz]ed|permission_error|invalid.{0,10}key|refused the credentials/i],
  ['rate_limit', /rate.?limit|too many requests|quota/i],
  [
    'provider',
    /overloaded|api_error|server.?error|unavailable|network|connection|fetch failed|socket|terminated|timed? ?out|ended (before|without)|ECONN/i,
  ],
];
const retryable: readonly AgentFault[] = ['rate_limit', 'provider'];

/** What kind of failure the text of a model's error tells of, and whether another try may help. */
export function classifyModelFault(message: string): { readonly fault: AgentFault; readonly retryable: boolean } {
  const fault = findFault(message);
  return { fault, retryable: retryable.includes(fault) };
}

function findFault(message: string): AgentFault {
  // The gateway's own words for a spent budget.
  if (/out of budget/i.test(message)) return 'budget';
  const status = Number(statusInFront.exec(message)?.[1]);
  if (status === 401 || status === 403) return 'auth';
  if (status === 429) return 'rate_limit';
  if (status >= 500) return 'provider';
  if (status === 413 || contextWords.test(message)) return 'context';
  if (status >= 400) return 'unknown';
  return otherWords.find(([, words]) => words.test(message))?.[0] ?? 'unknown';
}
