import type { GroupVerificationOutcome } from '../core/model/group.ts';
import { isGreen } from '../core/model/result.ts';
import { cutFailureWindows } from '../core/pilot/cut-failure-windows.ts';
import { renderExit } from '../core/reply/render-cause.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit } from './ensure-commit.ts';
import { ExternalError } from './external-error.ts';
import { openPlace } from './open-place.ts';
import { SandboxRefused } from './port/sandbox.ts';
import { readChange } from './read-change.ts';
import { runBaseTests } from './run-base-tests.ts';
import { runVerify } from './run-verify.ts';
import { SetupFailed } from './setup-failed.ts';
import type { WorkPorts } from './work-ports.ts';

/** A group lives for minutes, and has no earlier verdict to compare with. */
const nothingKnown = { verifiedTrees: [] };

/** Runs the verify commands of the base branch on the commit of a group, and where they have to pass the tests of what it stands on. */
export async function verifyGroup(ports: WorkPorts, held: Held<'verify_group'>): Promise<GroupVerificationOutcome> {
  const { record, signal, action, token } = held;
  const { settings } = record.reading ?? {};
  if (!settings || record.state.kind !== 'judging' || signal.aborted) return { kind: 'stopped' };
  try {
    const repository = await ensureCommit(ports, record.repository, { commit: record.head });
    const base = { branch: record.branch, sha: settings.setup?.base ?? record.base };
    const place = await openPlace(ports, { policy: settings, repository: record.repository, base, signal });
    if (!place) return { kind: 'stopped' };
    const id = `group-${record.head.slice(0, 12)}-${action.id}-${token}`;
    const { verify, verifyTimeoutMs: timeoutMs } = settings;
    const rest = { repository, commands: verify, timeoutMs, place, signal };
    const report = await runVerify(ports, { ...rest, id, commit: record.head });
    if (!report) return { kind: 'stopped' };
    // What is red is taken out of the queue, whatever other tests say.
    if (!record.reading?.needsBaseTests || !isGreen(report)) return { kind: 'verified', report };
    const { paths } = await readChange(ports, repository, { base: record.base, commit: record.head });
    const baseTests = await runBaseTests(ports, nothingKnown, {
      ...{ ref: repository, base: record.base, commit: record.head, report, paths, verify, isFresh: true },
      runOn: (commit) => runVerify(ports, { ...rest, id: `${id}-base`, commit }),
    });
    if (!baseTests) return { kind: 'stopped' };
    return { kind: 'verified', report, ...(baseTests === 'none' ? {} : { baseTests }) };
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped' };
    return toGroupFailure(error);
  }
}

/** A bug is thrown on. */
export function toGroupFailure(error: unknown): {
  readonly kind: 'failed';
  readonly why: string;
  readonly isForGood: boolean;
  readonly until?: number;
} {
  if (error instanceof SetupFailed) return { kind: 'failed', why: tellSetup(error), isForGood: true };
  if (error instanceof SandboxRefused) return { kind: 'failed', why: error.message, isForGood: true };
  if (!(error instanceof ExternalError)) throw error;
  const failed = { kind: 'failed' as const, why: error.message, isForGood: error.retry === 'never' };
  return typeof error.retry === 'object' ? { ...failed, until: error.retry.at } : failed;
}

function tellSetup({ report, denied }: SetupFailed): string {
  const asked = denied.length === 0 ? '' : `; not listed in setup.network, and not reached: ${denied.join(', ')}`;
  const said = cutFailureWindows(report.output, 300);
  return `dependencies could not be set up from the base branch: "${report.command}" ${renderExit(report)}${asked}: ${said}`;
}
