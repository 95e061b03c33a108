import type { GroupRecord } from '../core/model/group.ts';
import type { LaneRecord } from '../core/model/lane.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import { isGroupId, isLaneId, type RecordId } from '../core/model/subject.ts';
import type { Loaded, StorePort } from './port/store.ts';

/** Whatever kind of record it is. */
export async function loadRecord(
  store: Pick<StorePort, 'load' | 'loadLane' | 'loadGroup'>,
  id: RecordId,
): Promise<Loaded<SubjectRecord | LaneRecord | GroupRecord>> {
  if (isLaneId(id)) return await store.loadLane(id);
  return isGroupId(id) ? await store.loadGroup(id) : await store.load(id);
}
