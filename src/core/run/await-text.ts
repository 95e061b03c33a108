// An approved plan counts for what the issue said when it was made. Before its first agent starts, what the issue says now
// has to be known: while GitHub does not tell, nobody guesses that it is the same.
import type { Run } from '../model/run.ts';
import { isAboutToStart } from './approval.ts';
import type { Draft } from './draft.ts';
import { backoffUntil, clearTrouble, recordTrouble } from './trouble.ts';

const kind = 'text of the issue';

/** Asks to look again, or has the run held where that lasts. True while agents have to wait for it. */
export function awaitText(draft: Draft, run: Run): boolean {
  if (!isAboutToStart(run)) return false;
  // An edit was found before: see `checkFingerprint`.
  if (draft.snapshot.facts.fingerprint !== undefined) {
    if (run.troubles[kind] !== undefined) clearTrouble(run, kind);
    return false;
  }
  if (backoffUntil(draft, run, kind) === undefined)
    recordTrouble(draft, run, kind, {
      kind: 'infrastructure',
      system: 'github',
      detail: 'it did not say what the issue says now',
    });
  return true;
}

/** When GitHub is asked again. */
export function momentOfText(run: Run, now: number): number | undefined {
  const at = run.waits?.[kind] ?? 0;
  return run.state.kind === 'executing' && isAboutToStart(run) && at > now ? at : undefined;
}
