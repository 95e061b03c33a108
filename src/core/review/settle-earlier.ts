// What was confirmed of an earlier head is there until it is seen to be gone: whoever checks has to say so, and something that
// was looked at has to bear it out. Nobody's word alone makes a finding go away, and neither does a push.
import type { Finding as Looked } from '../acceptance/judge-acceptance.ts';
import type { Finding } from '../model/finding.ts';
import type { Judged } from './collect-findings.ts';

export interface EarlierSeen {
  /** What showed the mistake on the earlier head, looked for on what would be merged now. */
  readonly mistake: Looked | undefined;
  /** What whoever checks names to show that it is gone, on what would be merged now and on the head that had the mistake. */
  readonly proof: Looked | undefined;
  readonly proofBefore: Looked | undefined;
}

/** `earlier`: as it was confirmed; `judged`: as it was judged now. */
export function settleEarlier(earlier: Finding, judged: Judged['said'], seen: EarlierSeen): Finding {
  const there = (why: string): Finding => ({ ...earlier, status: 'confirmed', why: why.slice(0, 300) });
  const gone = (why: string): Finding => ({ ...earlier, status: 'fixed', why: why.slice(0, 300) });
  if (judged.status !== 'fixed' && judged.status !== 'refuted')
    return there(earlier.why ?? 'nobody says that it is gone');
  const { mistake, proof, proofBefore } = seen;
  // A command that only a mistake lets pass says more than any words.
  if (earlier.evidence?.kind === 'command' && mistake?.kind === 'holds')
    return there(`it is said to be gone, and what showed it still does: ${mistake.shown}`);
  if (proof?.kind === 'holds' && proofBefore?.kind === 'fails' && !proofBefore.isUnseen) return gone(proof.shown);
  if (mistake?.kind === 'fails' && !mistake.isUnseen)
    return gone(`what showed it is not there any more: ${mistake.why}`);
  return there('it is said to be gone, and nothing that was looked at shows it');
}
