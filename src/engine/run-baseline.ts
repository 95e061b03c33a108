// Runs the verify commands on the commit that agents would start from, before any of them costs anything.
import type { BaselineOutcome, VerifyReport } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit } from './ensure-commit.ts';
import { openPlaceFor } from './open-place.ts';
import type { RepositoryRef } from './port/git.ts';
import { runVerify } from './run-verify.ts';
import { toFailure } from './to-failure.ts';
import type { WorkPorts } from './work-ports.ts';

export async function runBaseline(ports: WorkPorts, held: Held<'baseline'>): Promise<BaselineOutcome> {
  const { run } = held.record;
  const { commit } = held.action;
  if (!run || run.id !== held.action.runId || held.signal.aborted) return { kind: 'stopped' };
  try {
    const bundle = commit === run.integration?.commit ? run.integration.bundle : undefined;
    const repository = await ensureCommit(ports, held.record.repository, { commit, bundle });
    const report = await verify(ports, held, { run, repository });
    return report ? { kind: 'checked', commit, report } : { kind: 'stopped' };
  } catch (error) {
    return held.signal.aborted ? { kind: 'stopped' } : { kind: 'failed', cause: toFailure(error) };
  }
}

/** The same tree under the same commands is tried once, whichever run asks. */
async function verify(
  ports: WorkPorts,
  held: Held<'baseline'>,
  { run, repository }: { run: Run; repository: RepositoryRef },
): Promise<VerifyReport | undefined> {
  const { verify: commands, verifyTimeoutMs: timeoutMs, sandbox } = run.policy;
  const { commit } = held.action;
  const tree = await ports.git.treeOf(repository, commit);
  const place = await openPlaceFor(ports, held, run);
  if (!place) return undefined;
  const key = JSON.stringify([repository.key, tree, commands, timeoutMs, sandbox, place.layer?.key]);
  const known = ports.baselines.find(key);
  if (known) return known;
  const id = `${held.action.id}-${held.token}`;
  const report = await runVerify(ports, { id, repository, commit, commands, timeoutMs, place, signal: held.signal });
  if (report) ports.baselines.keep(key, report);
  return report;
}
