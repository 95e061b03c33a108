import type { ArchiveOutcome } from '../../core/model/result.ts';
import { toPhase } from '../../core/model/run.ts';
import { toRepositoryKey } from '../../core/model/subject.ts';
import type { Held } from '../carry-out.ts';
import { toFacts } from '../find-veto.ts';
import { dropRunRefs } from '../staging.ts';
import { toRepositoryRef, type WorkPorts } from '../work-ports.ts';
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
    const runHash = ports.hash(JSON.stringify(run));
    if (await isStillOver(ports, held, runHash)) {
      await ports.checkpoints.dropAll({
        repository: toRepositoryKey(record.repository),
        number: record.number,
        run: run.id,
      });
      await dropRefs(ports, held, run.id);
      await tellOperator(ports, held, { state: run.state.kind, archive: artifact });
    }
    return { kind: 'archived', artifact, through, runHash };
  } catch (error) {
    return { kind: 'failed', why: String(error).slice(0, 300) };
  }
}

/** Somebody may have gone on with it since it was read, or archive it in our place: then its refs are at work. */
async function isStillOver(ports: WorkPorts, { subject, stillHolds }: Held<'archive'>, runHash: string) {
  const { record } = await ports.store.load(subject);
  return stillHolds() && record?.run !== undefined && ports.hash(JSON.stringify(record.run)) === runHash;
}

/** Nothing waits for what it says; that it failed is for the operator's eyes. */
async function tellOperator(ports: WorkPorts, held: Held<'archive'>, facts: Record<string, unknown>): Promise<void> {
  const said = await ports.hooks.run('after-archive', { ...toFacts(held), ...facts }, held.signal);
  if (said.kind === 'failed') ports.log.warn({ subject: held.subject, why: said.why }, 'the hook after-archive failed');
}

/** A mirror is a cache: refs that stay cost room and nothing else. */
async function dropRefs(ports: WorkPorts, { record, subject }: Held<'archive'>, runId: string): Promise<void> {
  const repository = toRepositoryRef(ports.github, record.repository);
  await dropRunRefs(ports.git, { repository, number: record.number, runId }).catch((error: unknown) => {
    ports.log.warn({ subject, error: String(error) }, 'the refs of a run could not be taken away');
  });
}
