import type { Processor } from 'bullmq';
import { type CarryOutPorts, carryOut } from '../src/engine/carry-out.ts';
import { runAttempt } from '../src/engine/run-attempt.ts';
import type { WorkPorts } from '../src/engine/work-ports.ts';
import { ActionJob } from '../src/queue/job-data.ts';

export function processAttempt(carry: CarryOutPorts, work: WorkPorts): Processor {
  return async (job) => {
    await carryOut(carry, { ...ActionJob.parse(job.data), kind: 'attempt' }, (held) => runAttempt(work, held));
  };
}
