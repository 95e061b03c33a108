import type { Finding as Looked } from '../acceptance/judge-acceptance.ts';
import type { Finding } from '../model/finding.ts';
import { sortFindings } from './sort-findings.ts';

/** What was seen of the evidence of a finding, on what would be merged and, of a command, on the base without it. */
export interface Seen {
  readonly after: Looked | undefined;
  readonly before?: Looked | undefined;
}

interface Settled {
  readonly findings: Finding[];
  /** Called confirmed, and nobody could look at what shows it: whether it blocks is not known. */
  readonly unseen: number;
}

/**
 * What is called confirmed counts as that only where its evidence was looked at and holds, and where it says nothing that the
 * base alone says as well. `seen` is in the order of the findings.
 */
export function settleFindings(findings: readonly Finding[], seen: readonly Seen[]): Settled {
  let unseen = 0;
  const settled = findings.map((finding, at): Finding => {
    if (finding.status !== 'confirmed') return finding;
    const { after, before } = seen[at] ?? { after: undefined };
    if (after?.kind === 'fails' && after.isUnseen) unseen += 1;
    if (after?.kind !== 'holds') return doubt(finding, after ? `its evidence does not hold: ${after.why}` : undefined);
    if (before?.kind === 'holds') return doubt(finding, 'its evidence says the same of the base, without the change');
    return { ...finding, why: cut(after.shown) };
  });
  return { findings: sortFindings(settled), unseen };
}

function doubt(finding: Finding, why = 'it was called confirmed without evidence'): Finding {
  return { ...finding, status: 'unverified', why: cut(why) };
}

function cut(text: string): string {
  return text.slice(0, 300);
}
