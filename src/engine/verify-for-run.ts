// Verification as the policy of a run asks for it.
import type { VerifyReport } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import type { Repository } from '../core/model/subject.ts';
import { openPlace } from './open-place.ts';
import { runVerify, type VerifyRequest } from './run-verify.ts';
import type { WorkPorts } from './work-ports.ts';

type Subject = Pick<VerifyRequest, 'id' | 'repository' | 'commit' | 'signal' | 'isWhole'> & {
  readonly home: Repository;
  /** Where the base branch is by now, if the commit stands on that. */
  readonly base?: string;
};

/** Undefined when the signal ended it. */
export async function verifyForRun(
  ports: WorkPorts,
  run: Run,
  { home, base = run.base.sha, ...subject }: Subject,
): Promise<VerifyReport | undefined> {
  const { policy } = run;
  const at = { branch: run.base.branch, sha: base };
  const place = await openPlace(ports, { policy, base: at, repository: home, signal: subject.signal });
  if (!place) return undefined;
  return await runVerify(ports, { ...subject, commands: policy.verify, timeoutMs: policy.verifyTimeoutMs, place });
}
