// What is run to prepare dependencies: what the settings say, or else what the lock files ask for.
import type { RunPolicy } from '../core/model/run.ts';
import { findForbidden } from '../core/network/network-permit.ts';
import { detectSetup, lockFiles, requirementsFile } from '../core/setup/detect-setup.ts';
import { followRequirements } from './follow-requirements.ts';
import type { SetupPlan } from './make-layer.ts';
import type { RepositoryRef } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

export interface Unplanned {
  /** Why something that asks for it is not set up. */
  readonly why: string | undefined;
}

export async function planSetup(
  ports: WorkPorts,
  { repository, base, setup }: { repository: RepositoryRef; base: string; setup: NonNullable<RunPolicy['setup']> },
): Promise<SetupPlan | Unplanned> {
  const { commands, network, timeoutMs } = setup;
  if (commands.length > 0) return { source: 'settings', steps: [{ commands }], hosts: network, named: [], timeoutMs };
  const present = (await ports.git.identifyFiles(repository, base, lockFiles)).map(({ path }) => path);
  const { detected, named = [], why } = await detect(ports, { repository, base, present });
  if (!detected) return { why };
  const hosts = network.length > 0 ? network : detected.hosts;
  const leftOut = why === undefined ? {} : { leftOut: why };
  const plan: SetupPlan = { source: 'detected', steps: detected.steps, hosts, named, timeoutMs, ...leftOut };
  const forbidden = findForbidden(hosts, ports.options.network);
  if (forbidden.length === 0) return plan;
  const from = `${listLockFiles(plan)} would be set up from ${forbidden.join(', ')}`;
  return { why: `${from}, which the operator does not permit (GATEPILOT_NETWORK).` };
}

interface Detection {
  readonly detected: ReturnType<typeof detectSetup>;
  readonly named?: readonly string[];
  readonly why?: string;
}

/** Requirements that lead where nobody can tell are left out: their layer would stay when that changes. */
async function detect(
  ports: WorkPorts,
  { repository, base, present }: { repository: RepositoryRef; base: string; present: readonly string[] },
): Promise<Detection> {
  const detected = detectSetup(present);
  if (!detected?.steps.some(({ lockFile }) => lockFile === requirementsFile)) return { detected };
  const followed = await followRequirements(ports, repository, base);
  if ('paths' in followed) return { detected, named: followed.paths };
  const rest = detectSetup(present.filter((path) => path !== requirementsFile));
  const why = `${requirementsFile} would be set up, but ${followed.why}: say in setup.commands how.`;
  return { detected: rest, why };
}

export function listLockFiles({ steps }: SetupPlan): string {
  return steps.flatMap(({ lockFile }) => lockFile ?? []).join(', ');
}
