import type { ArchiveOutcome } from '../../core/model/result.ts';
import { toPhase } from '../../core/model/run.ts';
import { toRepositoryKey } from '../../core/model/subject.ts';
import type { Held } from '../carry-out.ts';
import type { WorkPorts } from '../work-ports.ts';
import { renderArchive } from './archive.ts';
import { gather } from './export-run.ts';

/** Writes the archive of a run that rests. Bundles stay where they are: what they hold is on GitHub or was given up. */
export async function runArchive(ports: WorkPorts, held: Held<'archive'>): Promise<ArchiveOutcome> {
  const { subject, record, action } = held;
  const { run } = record;
  if (!run || run.id !== action.runId || toPhase(run.state) === 'working')
    return { kind: 'failed', why: 'it is not at rest any more' };
  if (held.isSettling || held.signal.aborted) return { kind: 'failed', why: 'it was cancelled' };
  try {
    const { archive, through } = await gather(ports, { subject, record, run, isWithRestricted: false });
    const content = Buffer.from(renderArchive(archive), 'utf8');
    const artifact = await ports.artifacts.put(toRepositoryKey(record.repository), content);
    return { kind: 'archived', artifact, through, runHash: ports.hash(JSON.stringify(run)) };
  } catch (error) {
    return { kind: 'failed', why: String(error).slice(0, 300) };
  }
}
