import type { Processor } from 'bullmq';
import { type CarryOutPorts, carryOut } from '../src/engine/carry-out.ts';
import { reviewAcceptance } from '../src/engine/review-acceptance.ts';
import { runBaseline } from '../src/engine/run-baseline.ts';
import { runIntegrate } from '../src/engine/run-integrate.ts';
import { runResolve } from '../src/engine/run-resolve.ts';
import { runVerification } from '../src/engine/run-verification.ts';
import { verifyGroup } from '../src/engine/verify-group.ts';
import type { WorkPorts } from '../src/engine/work-ports.ts';
import { ActionJob } from '../src/queue/job-data.ts';

export function processIntegrate(carry: CarryOutPorts, work: WorkPorts): Processor {
  return async (job) => {
    const data = ActionJob.parse(job.data);
    if (data.kind === 'baseline')
      return await carryOut(carry, { ...data, kind: 'baseline' }, (held) => runBaseline(work, held));
    if (data.kind === 'acceptance')
      return await carryOut(carry, { ...data, kind: 'acceptance' }, (held) => reviewAcceptance(work, held));
    if (data.kind === 'verify')
      return await carryOut(carry, { ...data, kind: 'verify' }, (held) => runVerification(work, held));
    if (data.kind === 'resolve')
      return await carryOut(carry, { ...data, kind: 'resolve' }, (held) => runResolve(work, held));
    if (data.kind === 'verify_group')
      return await carryOut(carry, { ...data, kind: 'verify_group' }, (held) => verifyGroup(work, held));
    await carryOut(carry, { ...data, kind: 'integrate' }, (held) => runIntegrate(work, held));
  };
}
