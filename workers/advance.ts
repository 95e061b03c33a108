import type { Processor } from 'bullmq';
import { type AdvancePorts, advance } from '../src/engine/advance.ts';
import { AdvanceJob } from '../src/queue/job-data.ts';

export function processAdvance(ports: AdvancePorts): Processor {
  return async (job) => {
    const { subject } = AdvanceJob.parse(job.data);
    await advance(ports, subject);
  };
}
