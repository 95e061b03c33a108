import type { Processor } from 'bullmq';
import { isLaneId } from '../src/core/model/subject.ts';
import { type AdvancePorts, advance } from '../src/engine/advance.ts';
import { AdvanceJob } from '../src/queue/job-data.ts';

export function processAdvance(ports: AdvancePorts): Processor {
  return async (job) => {
    const { subject } = AdvanceJob.parse(job.data);
    if (!isLaneId(subject)) await advance(ports, subject);
  };
}
