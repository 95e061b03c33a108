import type { Processor } from 'bullmq';
import { type CarryOutPorts, carryOut } from '../src/engine/carry-out.ts';
import { carryOutAttempt } from '../src/engine/carry-out-attempt.ts';
import { runRepair } from '../src/engine/run-repair.ts';
import { runReview } from '../src/engine/run-review.ts';
import type { WorkPorts } from '../src/engine/work-ports.ts';
import { ActionJob } from '../src/queue/job-data.ts';

export function processAttempt(carry: CarryOutPorts, work: WorkPorts): Processor {
  return async (job) => {
    const data = ActionJob.parse(job.data);
    if (data.kind === 'review')
      return await carryOut(carry, { ...data, kind: 'review' }, (held) => runReview(work, held));
    if (data.kind === 'repair')
      return await carryOut(carry, { ...data, kind: 'repair' }, (held) => runRepair(work, held));
    await carryOutAttempt(carry, work, { ...data, kind: 'attempt' });
  };
}
