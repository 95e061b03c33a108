import type { ArchiveOutcome } from '../model/result.ts';
import { type Run, toPhase } from '../model/run.ts';
import { keepOutcome } from '../outcome/keep-outcome.ts';
import { summariseRun } from '../reply/summarise-run.ts';
import { type Draft, note } from './draft.ts';

/** The record is read with every look; older runs are in their files. */
const archivedKept = 100;

/**
 * The run becomes its summary, and the log what came after. Only when the run is still what was archived: whatever was
 * decided in between wins, and the file is one that nobody refers to.
 */
export function takeArchived(draft: Draft, run: Run, outcome: ArchiveOutcome): void {
  if (outcome.kind === 'failed') return note(draft, 'not_archived', `run ${run.id}: ${outcome.why}`);
  const isSame = draft.snapshot.facts.hash(JSON.stringify(run)) === outcome.runHash;
  if (toPhase(run.state) === 'working' || !isSame)
    return note(draft, 'not_archived', `run ${run.id} has changed since it was read`);
  const { artifact, through } = outcome;
  const summary = summariseRun(run, { artifact, archivedAt: draft.now });
  draft.record.archived = [...(draft.record.archived ?? []), summary].slice(-archivedKept);
  keepOutcome(draft.record, run);
  delete draft.record.run;
  draft.trimLogBefore = through + 1;
  note(draft, 'archived', `run ${run.id} is archived with the log up to ${through}`, { run: run.id, artifact });
}
