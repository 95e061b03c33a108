// Verification as the policy of a run asks for it.
import type { VerifyReport } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { openPlace, type PlaceRequest } from './open-place.ts';
import { runVerify, type VerifyRequest } from './run-verify.ts';
import type { WorkPorts } from './work-ports.ts';

type Subject = Pick<VerifyRequest, 'id' | 'repository' | 'commit' | 'signal'> & Partial<Pick<PlaceRequest, 'base'>>;

/** Undefined when the signal ended it. */
export async function verifyForRun(ports: WorkPorts, run: Run, subject: Subject): Promise<VerifyReport | undefined> {
  const { policy } = run;
  const place = await openPlace(ports, { policy, base: run.base.sha, ...subject });
  return await runVerify(ports, { ...subject, commands: policy.verify, timeoutMs: policy.verifyTimeoutMs, place });
}
