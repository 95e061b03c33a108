// Which artifacts something kept speaks of: by their names, wherever they stand, so that no field can be forgotten here.
import type { ChoresRecord } from '../core/model/chores.ts';
import type { GroupRecord } from '../core/model/group.ts';
import type { LaneRecord } from '../core/model/lane.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import { toRepositoryKey } from '../core/model/subject.ts';
import type { ArtifactPort } from './port/artifact.ts';
import type { Loaded } from './port/store.ts';

/** Of a record; of a subject with what its archived runs speak of in their files. */
export async function listReferences(
  artifacts: ArtifactPort,
  { record, inbox }: Pick<Loaded<SubjectRecord | LaneRecord | GroupRecord | ChoresRecord>, 'record' | 'inbox'>,
): Promise<ReadonlySet<string>> {
  const found = findNames(JSON.stringify([record, inbox]));
  for (const text of record && 'archived' in record ? await readArchives(artifacts, record) : [])
    for (const id of findNames(text)) found.add(id);
  return found;
}

function findNames(text: string): Set<string> {
  return new Set(text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g));
}

async function readArchives(artifacts: ArtifactPort, { repository, archived = [] }: SubjectRecord): Promise<string[]> {
  const files = archived.map(({ artifact }) => artifacts.read(toRepositoryKey(repository), artifact));
  return (await Promise.all(files)).map((file) => Buffer.from(file ?? []).toString('utf8'));
}
