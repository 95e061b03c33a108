import type { Run } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { closed, type Verdict } from './verdict.ts';

export const marksGate = 'conflict marks';

/** No part of the gate where there are none. What verifies a repository need not read every file of it. */
export function evaluateMarks({ verification, conflicts, policy }: Run): Verdict[] {
  const [first, ...others] = verification?.marks ?? [];
  if (!first) return [];
  const more = others.length === 0 ? '' : `, and in ${others.length} more ${others.length === 1 ? 'file' : 'files'}`;
  const where = `line ${first.line} of ${quoteCode(first.path)}${more}`;
  const how = conflicts?.found.length ? ` \`/${policy.slash} resolve\` lists what can be decided from here.` : '';
  return [closed(marksGate, 'failure', `A conflict that is not resolved stands at ${where}.${how}`)];
}
