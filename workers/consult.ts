import type { Processor } from 'bullmq';
import { type CarryOutPorts, carryOut } from '../src/engine/carry-out.ts';
import { runPilot } from '../src/engine/run-pilot.ts';
import { runPlan } from '../src/engine/run-plan.ts';
import type { WorkPorts } from '../src/engine/work-ports.ts';
import { ActionJob } from '../src/queue/job-data.ts';

export function processConsult(carry: CarryOutPorts, work: WorkPorts): Processor {
  return async (job) => {
    const data = ActionJob.parse(job.data);
    if (data.kind === 'pilot') return await carryOut(carry, { ...data, kind: 'pilot' }, (held) => runPilot(work, held));
    await carryOut(carry, { ...data, kind: 'plan' }, (held) => runPlan(work, held));
  };
}
