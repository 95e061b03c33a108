// Makes a layer: the commands of a set-up, on a commit of the base branch, in a sandbox of their own that reaches their hosts and
// nothing else.
import type { CommandReport } from '../core/model/cause.ts';
import type { NetworkReport } from '../core/model/network-report.ts';
import { isPassed } from '../core/model/result.ts';
import { type SetupStep, setupEnvironment } from '../core/setup/detect-setup.ts';
import { openWayOut, type WayOut } from './open-way-out.ts';
import type { RepositoryRef } from './port/git.ts';
import type { LayerDraft } from './port/layer.ts';
import type { Sandbox } from './port/sandbox.ts';
import { runCommand } from './run-command.ts';
import { SetupFailed } from './setup-failed.ts';
import type { SandboxPlace, WorkPorts } from './work-ports.ts';

export interface SetupPlan {
  readonly source: 'settings' | 'detected';
  readonly steps: readonly (Pick<SetupStep, 'commands'> & Partial<SetupStep>)[];
  readonly hosts: readonly string[];
  /** Files and folders that decide as well and that no command names. */
  readonly named: readonly string[];
  /** Why a part of what was detected is left out. */
  readonly leftOut?: string;
  /** Of all of it together. */
  readonly timeoutMs: number;
}

export interface LayerMaking {
  readonly draft: LayerDraft;
  readonly plan: SetupPlan;
  readonly repository: RepositoryRef;
  readonly base: string;
  readonly key: string;
  readonly place: SandboxPlace;
  readonly signal: AbortSignal;
}

// Home and temporary folders of a sandbox are memory. What installers keep there is too much for that, so they get some in
// the workspace, which is thrown away.
const scratch = '/workspace/.gatepilot-setup';
const scratchEnvironment = { HOME: `${scratch}/home`, TMPDIR: `${scratch}/tmp` };
const makeScratch = 'mkdir -p "$HOME" "$TMPDIR"';

/**
 * What it reached and was denied; undefined where it asked for nothing. Throws SetupFailed, or the reason of the signal: nothing
 * that was made until then is used.
 */
export async function makeLayer(ports: WorkPorts, making: LayerMaking): Promise<NetworkReport | undefined> {
  const { draft, plan, repository, base, key, place } = making;
  const startedAt = ports.clock.now();
  const told = { repository: repository.key, base, layer: key.slice(0, 12) };
  ports.log.info({ ...told, steps: plan.steps }, 'dependencies are set up');
  await ports.git.checkout(repository, base, draft.workspace);
  const way = await openWayOut(ports, place, plan.hosts);
  try {
    const sandbox = await ports.sandboxes.create({
      id: `setup-${key.slice(0, 12)}`,
      workspace: { path: draft.workspace, access: 'read-write' },
      readOnly: [],
      dependencies: { path: draft.folder, access: 'read-write' },
      env: {
        CI: 'true',
        ...setupEnvironment,
        ...scratchEnvironment,
        ...way.env,
      },
      network: way.network,
      provider: place.provider,
      limits: { ...place.limits, wallMs: plan.timeoutMs },
    });
    try {
      await runSteps(ports, making, { sandbox, way });
    } finally {
      await sandbox.dispose();
    }
  } finally {
    const network = await way.close();
    ports.log.info({ ...told, ms: ports.clock.now() - startedAt, network }, 'a set-up ended');
  }
  const network = await way.close();
  const isSilent = network === undefined || (network.reached.length === 0 && network.denied.length === 0);
  return isSilent ? undefined : network;
}

interface Opened {
  readonly sandbox: Sandbox;
  readonly way: WayOut;
}

async function runSteps(ports: WorkPorts, making: LayerMaking, { sandbox, way }: Opened): Promise<void> {
  const { plan, repository, signal } = making;
  const late = new AbortController();
  const ended = new AbortController();
  const kill = () => void sandbox.kill();
  signal.addEventListener('abort', kill, { once: true });
  void ports.clock.sleep(plan.timeoutMs, ended.signal).then(() => {
    if (ended.signal.aborted) return;
    late.abort('wall');
    kill();
  });
  const run = async (command: string): Promise<CommandReport> => {
    if (signal.aborted) throw signal.reason;
    const report = await runCommand(ports, sandbox, { repository, command, listDenied: way.listDenied });
    if (signal.aborted) throw signal.reason;
    return late.signal.aborted ? { ...report, exit: { kind: 'killed', reason: 'wall' } } : report;
  };
  const demand = async (command: string): Promise<void> => {
    const report = await run(command);
    if (!isPassed(report))
      throw new SetupFailed(
        report,
        way.listDenied().map(({ host }) => host),
      );
  };
  const has = async (probe: string): Promise<boolean> => {
    const report = await run(probe);
    // What was ended from outside says nothing of the machine, and would leave a layer without it for good.
    if (report.exit.kind !== 'exited') throw new SetupFailed(report, []);
    return isPassed(report);
  };
  try {
    await demand(makeScratch);
    for (const { probe, commands } of plan.steps) {
      if (probe !== undefined && !(await has(probe))) continue;
      for (const command of commands) await demand(command);
    }
  } finally {
    ended.abort('ended');
    signal.removeEventListener('abort', kill);
  }
}
