import type { Finding } from '../model/finding.ts';
import type { Run } from '../model/run.ts';

/**
 * Gives every finding the name by which people speak of it. What is said again of the same place in the same words keeps its
 * name and its first reporter, and what showed it where it was there all the time; what was refuted is nothing to speak of.
 */
export function nameFindings(run: Run, findings: readonly Finding[], head: string): Finding[] {
  const known = listKnown(run);
  return findings.map((finding) => {
    // It was carried over.
    if (finding.id !== undefined) return finding;
    const before = known.find((one) => isSame(one, finding));
    if (before?.id !== undefined) {
      const { id, by } = before;
      return { ...finding, id, by, head, ...toFirst(before) };
    }
    if (finding.status === 'refuted') return finding;
    run.findingsNamed = (run.findingsNamed ?? 0) + 1;
    return { ...finding, id: `F-${run.findingsNamed}`, head };
  });
}

/** What showed it before it was gone, or in doubt, says nothing about what is there now. */
function toFirst({ status, head, evidence }: Finding): Pick<Finding, 'head' | 'evidence'> {
  return status === 'confirmed' ? { ...(head ? { head } : {}), ...(evidence ? { evidence } : {}) } : {};
}

function listKnown({ review, fixes = [], dismissals = [] }: Run): Finding[] {
  const reviews = [review, fixes.at(-1)?.review];
  const dismissed = dismissals.map(({ finding }) => finding);
  const reviewed = reviews.flatMap((one) => [
    ...(one?.result.kind === 'judged' ? one.result.findings : []),
    ...(one?.earlier ?? []),
  ]);
  return [...reviewed, ...dismissed];
}

function isSame(one: Finding, other: Finding): boolean {
  return one.path === other.path && one.line === other.line && one.what === other.what;
}
