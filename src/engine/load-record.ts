import type { ChoresRecord } from '../core/model/chores.ts';
import type { GroupRecord } from '../core/model/group.ts';
import type { LaneRecord } from '../core/model/lane.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import { isChoresId, isGroupId, isLaneId, type RecordId } from '../core/model/subject.ts';
import type { Loaded, StorePort } from './port/store.ts';

/** Whatever kind of record it is. */
export async function loadRecord(
  store: Pick<StorePort, 'load' | 'loadLane' | 'loadGroup' | 'loadChores'>,
  id: RecordId,
): Promise<Loaded<SubjectRecord | LaneRecord | GroupRecord | ChoresRecord>> {
  if (isLaneId(id)) return await store.loadLane(id);
  if (isGroupId(id)) return await store.loadGroup(id);
  return isChoresId(id) ? await store.loadChores(id) : await store.load(id);
}
