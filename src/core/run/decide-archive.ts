// Asks for a run's archive when nothing is to be expected of it any more. Archiving only reads: the run leaves the
// record in the save that takes the result, so whatever comes first wins.
import type { Run } from '../model/run.ts';
import { type Draft, listOutstanding, listWork, want } from './draft.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Long enough that people find what they look for where they saw it last. */
const finalMs = dayMs;
/** These may still be gone on with. */
const restingMs = 14 * dayMs;
const attemptsAtMost = 5;

/** When the run may be archived; undefined when it must not, or is being archived. */
function toArchiveMoment(draft: Draft, run: Run): number | undefined {
  if (isAsked(draft)) return undefined;
  // Each attempt that came to nothing doubles the wait, and a run that cannot be archived is left as it is.
  const asked = run.asked['archive'] ?? 0;
  if (asked >= attemptsAtMost) return undefined;
  const patience = 2 ** asked;
  switch (run.state.kind) {
    case 'merged':
    case 'reported':
    case 'superseded':
    case 'closed':
      return run.state.since + finalMs * patience;
    case 'stopped':
    case 'failed':
      return run.pullRequest?.state === 'open' ? undefined : run.state.since + restingMs * patience;
    default:
      return undefined;
  }
}

export function decideArchive(draft: Draft): void {
  const { run, presentation } = draft.record;
  const moment = run && toArchiveMoment(draft, run);
  if (!run || moment === undefined || draft.now < moment) return;
  // What people were told last has to be there, and nobody may work on it.
  if (presentation.wanted > presentation.done || listWork(draft).length > 0) return;
  const count = (run.asked['archive'] ?? 0) + 1;
  run.asked['archive'] = count;
  want(draft, { kind: 'archive', id: `archive-${run.id}-${count}`, runId: run.id });
}

/** When it makes sense to look again; never at once, because something else may have to come first. */
export function toArchiveWake(draft: Draft): number | undefined {
  const { run } = draft.record;
  const moment = run && toArchiveMoment(draft, run);
  return moment === undefined ? undefined : Math.max(moment, draft.now + hourMs);
}

function isAsked(draft: Draft): boolean {
  return listOutstanding(draft).some((id) => id.startsWith('archive-'));
}
