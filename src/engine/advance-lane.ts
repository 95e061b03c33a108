// Looks at a lane, with the machinery by which subjects are looked at. It needs nothing from outside to decide: whatever
// GitHub has to be asked is an action of its own.
import { decideLane } from '../core/lane/decide-lane.ts';
import { type LaneRecord, type LaneSnapshot, openLane } from '../core/model/lane.ts';
import type { InboxEntry } from '../core/model/snapshot.ts';
import type { LaneId } from '../core/model/subject.ts';
import { type AdvanceRecordPorts, advanceRecord } from './advance-record.ts';
import type { Looking } from './decide-soundly.ts';

export async function advanceLane(ports: AdvanceRecordPorts, lane: LaneId): Promise<void> {
  const looking: Looking<LaneRecord, LaneSnapshot> = {
    load: () => ports.store.loadLane(lane),
    async observe({ now, record, inbox, outbox }) {
      const known = record ?? openFirstLane(inbox);
      return known && { lane, now, record: known, inbox, outbox };
    },
    decide: decideLane,
  };
  await advanceRecord(ports, lane, looking);
}

/** The first run that asks says which branch of which repository it is. */
function openFirstLane(inbox: readonly InboxEntry[]): LaneRecord | undefined {
  const asked = inbox.map(({ event }) => event).find((event) => event.kind === 'lane_asked');
  return asked && openLane(asked.repository, asked.branch);
}
