// What was confirmed of an earlier head is there until it is seen to be gone: whoever checks has to say so, and something that
// was looked at has to bear it out. Nobody's word alone makes a finding go away, and neither does a push.
import type { Finding as Looked } from '../acceptance/judge-acceptance.ts';
import type { Finding } from '../model/finding.ts';
import type { Judged } from './collect-findings.ts';

export interface EarlierSeen {
  /** What showed the mistake on the earlier head, looked for on what would be merged now. */
  readonly mistake: Looked | undefined;
  /** What whoever checks names to show that it is gone, or still there, on what would be merged now. */
  readonly proof: Looked | undefined;
  /** That it is gone, on the head that had the mistake; that it is there, of a command, on the base without the change. */
  readonly proofBefore: Looked | undefined;
}

interface Now {
  readonly seen: EarlierSeen;
  readonly head: string;
}

/** `earlier`: as it was confirmed; `said`: how it was judged now. */
export function settleEarlier(earlier: Finding, said: Judged['said'], now: Now): Finding {
  if (said.status === 'confirmed') return confirmAgain(earlier, said, now);
  const there = (why: string): Finding => ({ ...earlier, status: 'confirmed', why: why.slice(0, 300) });
  const gone = (why: string): Finding => ({ ...earlier, status: 'fixed', why: why.slice(0, 300) });
  if (said.status === 'unverified') return there(earlier.why ?? 'nobody says that it is gone');
  const { mistake, proof, proofBefore } = now.seen;
  // A command that only a mistake lets pass says more than any words.
  if (earlier.evidence?.kind === 'command' && mistake?.kind === 'holds')
    return there(`it is said to be gone, and what showed it still does: ${mistake.shown}`);
  if (proof?.kind === 'holds' && isAbsent(proofBefore)) return gone(proof.shown);
  if (isAbsent(mistake)) return gone(`what showed it is not there any more: ${mistake.why}`);
  return there('it is said to be gone, and nothing that was looked at shows it');
}

/**
 * What showed it before keeps on showing it for as long as it can be seen: nobody changes that for something that is easily taken
 * away. Where it is gone and the finding is not, only something new can show later that it is.
 */
function confirmAgain(earlier: Finding, { evidence }: Judged['said'], { seen, head }: Now): Finding {
  const { mistake, proof, proofBefore } = seen;
  if (earlier.evidence && !isAbsent(mistake)) return earlier;
  const { evidence: _, ...bare } = earlier;
  const isShown = proof?.kind === 'holds' && (evidence?.kind === 'trace' || isAbsent(proofBefore));
  if (evidence && isShown) return { ...bare, evidence, head, why: proof.shown.slice(0, 300) };
  if (!isAbsent(mistake)) return earlier;
  const why = `it is confirmed again, and what showed it before does not any more: ${mistake.why}`;
  return { ...bare, why: why.slice(0, 300) };
}

export function isAbsent(looked: Looked | undefined): looked is Extract<Looked, { kind: 'fails' }> {
  return looked?.kind === 'fails' && !looked.isUnseen;
}
