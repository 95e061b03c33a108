import type { Draft } from './draft.ts';

const headsKept = 10;

/** A check may stand on every head that a pull request had, whoever pushed it: it is settled once another replaced it. */
export function noteReplacedHead(draft: Draft): void {
  const before = draft.snapshot.record.run?.pullRequest;
  const now = draft.record.run?.pullRequest;
  if (!before || now?.number !== before.number) return;
  const heads = [...(before.replaced ?? []), ...(before.head === now.head ? [] : [before.head])];
  if (heads.length > 0) now.replaced = [...new Set(heads)].slice(-headsKept);
}
