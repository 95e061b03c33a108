// Verification as the policy of a run asks for it.
import type { VerifyReport } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { runVerify, type VerifyRequest } from './run-verify.ts';
import { toSandboxPlace, type WorkPorts } from './work-ports.ts';

type Subject = Pick<VerifyRequest, 'id' | 'repository' | 'commit' | 'signal'>;

/** Undefined when the signal ended it. */
export async function verifyForRun(ports: WorkPorts, run: Run, subject: Subject): Promise<VerifyReport | undefined> {
  const { policy } = run;
  const place = toSandboxPlace(ports.options, policy);
  return await runVerify(ports, { ...subject, commands: policy.verify, timeoutMs: policy.verifyTimeoutMs, place });
}
