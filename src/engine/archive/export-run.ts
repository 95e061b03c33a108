// Gathers everything that is kept of a run. What is archived already is given as it was archived.
import { evaluateGate } from '../../core/gate/evaluate-gate.ts';
import type { SubjectRecord } from '../../core/model/record.ts';
import { Run } from '../../core/model/run.ts';
import { type SubjectId, toRepositoryKey } from '../../core/model/subject.ts';
import { redactKeys } from '../../core/sanitise/redact-keys.ts';
import type { ArtifactPort } from '../port/artifact.ts';
import type { LoggedEvent, StorePort } from '../port/store.ts';
import { type Archive, type ArchivedArtifact, renderArchive } from './archive.ts';

export interface ExportPorts {
  readonly store: StorePort;
  readonly artifacts: ArtifactPort;
}

export interface ExportRequest {
  readonly subject: SubjectId;
  /** The newest run when absent. */
  readonly run?: string | undefined;
  /** Bundles hold code and are not redacted. */
  readonly isWithRestricted: boolean;
}

/** Undefined when there is no such run. */
export async function exportRun(ports: ExportPorts, request: ExportRequest): Promise<string | undefined> {
  const { record } = await ports.store.load(request.subject);
  if (!record) return undefined;
  if (record.run && (request.run === undefined || request.run === record.run.id))
    return renderArchive((await gather(ports, { ...request, record, run: record.run })).archive);
  const archived = record.archived?.findLast(({ id }) => request.run === undefined || request.run === id);
  const file = archived && (await ports.artifacts.read(toRepositoryKey(record.repository), archived.artifact));
  return file && Buffer.from(file).toString('utf8');
}

interface Gathering {
  readonly subject: SubjectId;
  readonly record: SubjectRecord;
  readonly run: Run;
  readonly isWithRestricted: boolean;
}

/** `through` is the last log entry that it holds. */
export async function gather(
  ports: ExportPorts,
  { subject, record, run, isWithRestricted }: Gathering,
): Promise<{ readonly archive: Archive; readonly through: number }> {
  const { repository, number, isPullRequest, title } = record;
  const events = await readWholeLog(ports.store, subject);
  const shown = Run.parse(redactKeys(run));
  const artifacts: ArchivedArtifact[] = [];
  const absent: Archive['absent'][number][] = [];
  for (const { id, isRestricted } of listArtifacts(run)) {
    const isWanted = isWithRestricted || !isRestricted;
    const content = isWanted ? await ports.artifacts.read(toRepositoryKey(repository), id) : undefined;
    if (content === undefined) absent.push({ id, why: isWanted ? 'not_kept' : 'left_out' });
    else artifacts.push(toArtifact(id, Buffer.from(content), isRestricted));
  }
  const archive: Archive = {
    subject,
    about: { repository, number, isPullRequest, title: String(redactKeys({ title })['title']) },
    run: shown,
    verdict: evaluateGate(shown),
    events,
    artifacts,
    absent,
  };
  return { archive, through: events.at(-1)?.sequence ?? 0 };
}

function toArtifact(id: string, content: Buffer, isRestricted: boolean): ArchivedArtifact {
  return isRestricted
    ? { kind: 'artifact', class: 'restricted', id, base64: content.toString('base64') }
    : { kind: 'artifact', class: 'text', id, text: content.toString('utf8') };
}

const pageSize = 1_000;

async function readWholeLog(store: StorePort, subject: SubjectId): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for (;;) {
    const page = await store.readLogSlice(subject, events.at(-1)?.sequence ?? 0, pageSize);
    if (page.events.length === 0) return events;
    events.push(...page.events.map((event) => redactKeys({ ...event }) as unknown as LoggedEvent));
  }
}

/** Names of fields that hold the id of an artifact; all but bundles are texts that went through the redactor. */
const textFields = ['exchange', 'log', 'output', 'packet', 'patch', 'prompt', 'report', 'transcript'];
const restrictedFields = ['bundle'];

function listArtifacts(run: Run): { readonly id: string; readonly isRestricted: boolean }[] {
  const found = new Map<string, boolean>();
  JSON.stringify(run, (field, value: unknown) => {
    const isRestricted = restrictedFields.includes(field);
    if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) && (isRestricted || textFields.includes(field)))
      found.set(value, isRestricted);
    return value;
  });
  return [...found].map(([id, isRestricted]) => ({ id, isRestricted }));
}
