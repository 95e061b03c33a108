import type { Finding as Looked } from '../acceptance/judge-acceptance.ts';
import type { Finding } from '../model/finding.ts';
import { sortFindings } from './sort-findings.ts';

/**
 * What is called confirmed counts as that only where its evidence was looked at and holds; without it nobody has settled it.
 * `looked` is in the order of the findings, undefined where there was nothing to look at.
 */
export function settleFindings(findings: readonly Finding[], looked: readonly (Looked | undefined)[]): Finding[] {
  const settled = findings.map((finding, at): Finding => {
    if (finding.status !== 'confirmed') return finding;
    const found = looked[at];
    if (found?.kind === 'holds') return { ...finding, why: cut(found.shown) };
    const why = found ? `its evidence does not hold: ${found.why}` : 'it was called confirmed without evidence';
    return { ...finding, status: 'unverified', why: cut(why) };
  });
  return sortFindings(settled);
}

function cut(text: string): string {
  return text.slice(0, 300);
}
