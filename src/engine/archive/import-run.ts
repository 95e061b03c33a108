// Keeps a run from a file, to be read: under an identity of its own, which no webhook and no command ever reaches.
import { createHash } from 'node:crypto';
import { toImportedHost } from '../../core/model/imported-host.ts';
import { openRecord } from '../../core/model/record.ts';
import { parseSubjectId, type SubjectId, toRepositoryKey, toSubjectId } from '../../core/model/subject.ts';
import { summariseRun } from '../../core/reply/summarise-run.ts';
import { type Archive, parseArchive } from './archive.ts';
import type { ExportPorts } from './export-run.ts';

export type Imported =
  | { readonly kind: 'imported'; readonly subject: SubjectId; readonly isNew: boolean }
  | { readonly kind: 'refused'; readonly why: string };

export async function importRun({ store, artifacts }: ExportPorts, text: string): Promise<Imported> {
  const parsed = parseArchive(text);
  if (parsed.kind === 'refused') return parsed;
  const { archive } = parsed;
  const subject = toImportedSubject(archive, text);
  const { version, now } = await store.load(subject);
  if (version > 0) return { kind: 'imported', subject, isNew: false };
  const { about, run } = archive;
  const repository = { ...about.repository, host: parseSubjectId(subject).host };
  const artifact = await artifacts.put(toRepositoryKey(repository), Buffer.from(text, 'utf8'));
  const record = {
    ...openRecord(repository, about.number, about),
    archived: [summariseRun(run, { artifact, archivedAt: now })],
  };
  const log = [{ kind: 'imported', text: `run ${run.id} of ${archive.subject} was imported`, data: { artifact } }];
  await store.save(subject, 0, { record, handled: [], log, outbox: [], aliases: [] });
  return { kind: 'imported', subject, isNew: true };
}

/** The same file is the same subject; another one of the same run is another. */
function toImportedSubject({ about }: Archive, text: string): SubjectId {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return toSubjectId(toImportedHost(name), about.repository.id, about.number);
}
