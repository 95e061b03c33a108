// Which artifacts something kept speaks of: by their names, wherever they stand, so that no field can be forgotten here.
import type { ChoresRecord } from '../core/model/chores.ts';
import type { GroupRecord } from '../core/model/group.ts';
import type { LaneRecord } from '../core/model/lane.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import { toRepositoryKey } from '../core/model/subject.ts';
import type { ArtifactPort } from './port/artifact.ts';
import type { Loaded } from './port/store.ts';

type Speaking = Pick<Loaded<SubjectRecord | LaneRecord | GroupRecord | ChoresRecord>, 'record' | 'inbox'>;

/** Of a record; of a subject with what its archived runs speak of in their files. */
export async function listReferences(
  artifacts: Pick<ArtifactPort, 'read'>,
  speaking: Speaking,
): Promise<ReadonlySet<string>> {
  const { record } = speaking;
  const found = listOwnReferences(speaking);
  const archives = record && 'archived' in record ? listArchives(record) : [];
  if (record)
    for (const id of await readReferences(artifacts, toRepositoryKey(record.repository), archives)) found.add(id);
  return found;
}

/** Without what stands in files. */
export function listOwnReferences({ record, inbox }: Speaking): Set<string> {
  return findNames(JSON.stringify([record, inbox]));
}

/** The files of archived runs. */
export function listArchives({ archived = [] }: Pick<SubjectRecord, 'archived'>): string[] {
  return archived.map(({ artifact }) => artifact);
}

/** What files speak of; one that is not there speaks of nothing. */
export async function readReferences(
  artifacts: Pick<ArtifactPort, 'read'>,
  repository: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const files = await Promise.all(ids.map((id) => artifacts.read(repository, id)));
  return new Set(files.flatMap((file) => [...findNames(Buffer.from(file ?? []).toString('utf8'))]));
}

function findNames(text: string): Set<string> {
  return new Set(text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g));
}
