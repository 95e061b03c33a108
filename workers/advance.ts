import type { Processor } from 'bullmq';
import { isChoresId, isGroupId, isLaneId } from '../src/core/model/subject.ts';
import { type AdvancePorts, advance } from '../src/engine/advance.ts';
import { advanceChores } from '../src/engine/advance-chores.ts';
import { type AdvanceGroupPorts, advanceGroup } from '../src/engine/advance-group.ts';
import { advanceLane } from '../src/engine/advance-lane.ts';
import { AdvanceJob } from '../src/queue/job-data.ts';

export function processAdvance(ports: AdvancePorts & AdvanceGroupPorts): Processor {
  return async (job) => {
    const { subject } = AdvanceJob.parse(job.data);
    if (isGroupId(subject)) return await advanceGroup(ports, subject);
    if (isChoresId(subject)) return await advanceChores(ports, subject);
    await (isLaneId(subject) ? advanceLane(ports, subject) : advance(ports, subject));
  };
}
