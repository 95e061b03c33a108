import type { Processor } from 'bullmq';
import { isLaneId } from '../src/core/model/subject.ts';
import { type AdvancePorts, advance } from '../src/engine/advance.ts';
import { advanceLane } from '../src/engine/advance-lane.ts';
import { AdvanceJob } from '../src/queue/job-data.ts';

export function processAdvance(ports: AdvancePorts): Processor {
  return async (job) => {
    const { subject } = AdvanceJob.parse(job.data);
    await (isLaneId(subject) ? advanceLane(ports, subject) : advance(ports, subject));
  };
}
