// Sandboxes by bubblewrap: namespaces, a system call filter and resource limits, no daemon and no image.
import { mkdir } from 'node:fs/promises';
import { isMainThread } from 'node:worker_threads';
import type { LogPort } from '../../engine/port/log.ts';
import {
  type Sandbox,
  type SandboxCapabilities,
  type SandboxProvider,
  SandboxRefused,
  type SandboxSpec,
} from '../../engine/port/sandbox.ts';
import { type RunProcess, runProcess } from '../../subprocess/run-process.ts';
import { createRunTool, type RunTool } from '../../subprocess/run-tool.ts';
import { refuseUnmet } from '../refuse-unmet.ts';
import { WatchedSandbox } from '../watched-sandbox.ts';
import { BubblewrapProcess } from './bubblewrap-process.ts';
import { checkSpec } from './check-spec.ts';
import { chooseFreePort } from './choose-free-port.ts';
import { findGatewayPort, listDoors } from './doors.ts';
import { explainFailure } from './explain-failure.ts';
import { type Host, prepareHost, type SandboxTools } from './host.ts';
import { IdentityPool } from './identity-pool.ts';
import { relayAllowance, renderLaunch } from './launch.ts';
import { detectLimitLevels } from './limit/detect-limit-levels.ts';
import type { LimitLevel } from './limit/limit-level.ts';
import { readOpenView } from './open-view.ts';
import type { OwnKernel } from './own-kernel.ts';
import { listWritable, planLaunch, resolveWorkspace } from './plan-launch.ts';
import { proveLevel } from './prove-level.ts';
import { StdioPool } from './stdio-pool.ts';
import { systemCalls } from './system-calls.ts';
import { drawUsers, type UidRange } from './user-claim.ts';

export interface BubblewrapOptions {
  /** `none`: everything of the host is there, and only limits and killing are as in a sandbox. */
  readonly isolation?: 'container' | 'none';
  /** What programs run on; by default the kernel of the host. */
  readonly kernel?: OwnKernel;
  /** Host paths of programs, wherever they are. */
  readonly tools: SandboxTools;
  /** Absolute; created when it is missing. A few small files that every sandbox mounts are kept in it. */
  readonly stateFolder: string;
  /** The Node binary that is `node` inside. */
  readonly nodePath: string;
  /** Users that belong to nobody on this host. Used by a root worker only. */
  readonly uidRange?: UidRange;
  /** For tools of the host; by default they are children of this process. Sandboxes always are. */
  readonly runProcess?: RunProcess;
  readonly logger?: LogPort;
}

/** Above the users that distributions create, below those that systemd and containers hand out. */
const defaultUidRange: UidRange = { first: 58_000, count: 1_000 };

/** Throws SandboxRefused, with what is missing and the mend, when this host runs no sandboxes. */
export async function createBubblewrapProvider(options: BubblewrapOptions): Promise<SandboxProvider> {
  const isRoot = process.getuid?.() === 0;
  const uidRange = options.uidRange ?? defaultUidRange;
  const isOpen = options.isolation === 'none';
  const name = isOpen ? 'none' : (options.kernel?.name ?? 'bubblewrap');
  const runTool = createRunTool(options.runProcess ?? runProcess);
  if (uidRange.first < 1) throw new Error('a sandbox must not run as root');
  const context: Context = {
    host: await readHost(options),
    identities: new IdentityPool(isRoot ? drawUsers(uidRange) : undefined, runTool),
    pipes: new StdioPool(runTool),
    runTool,
    isOpen,
    kernel: options.kernel,
  };
  const { level, memory, pids, network } = await proveLevel({
    stateFolder: options.stateFolder,
    claim: { name, isOpen },
    levels: await detectLimitLevels(),
    open: (level, spec) => openSandbox(context, level, spec),
    explain: explainFailure,
    logger: options.logger,
  });
  const capabilities: SandboxCapabilities = {
    provider: name,
    isolation: isOpen ? 'none' : (options.kernel?.name ?? 'container'),
    network,
    limits: { memory, pids, cpu: 'soft', disk: 'soft', wall: 'soft', output: 'hard' },
    identity: isRoot ? 'uid-per-sandbox' : 'user-namespace',
  };
  options.logger?.info({ ...capabilities, limitLevel: level.kind }, 'sandboxes are ready');
  return {
    capabilities,
    async create(spec) {
      checkSpec(spec);
      refuseUnmet(capabilities, spec);
      return await openSandbox(context, level, spec);
    },
  };
}

interface Context {
  readonly host: Host;
  readonly identities: IdentityPool;
  readonly pipes: StdioPool;
  readonly runTool: RunTool;
  readonly isOpen: boolean;
  readonly kernel: OwnKernel | undefined;
}

async function readHost(options: BubblewrapOptions): Promise<Host> {
  const calls = systemCalls[process.arch];
  if (process.platform !== 'linux')
    throw new SandboxRefused('bubblewrap', `it exists on Linux only, not on ${process.platform}`);
  if (!calls) throw new SandboxRefused('bubblewrap', `its system call filter knows x64 and arm64, not ${process.arch}`);
  // The kernel ends a sandbox when the thread that started it ends.
  if (!isMainThread) throw new Error('sandboxes must be started from the main thread');
  await mkdir(options.stateFolder, { recursive: true });
  return await prepareHost({ ...options, systemCalls: calls });
}

async function openSandbox(context: Context, level: LimitLevel, spec: SandboxSpec): Promise<Sandbox> {
  const { host, identities, pipes, runTool, isOpen, kernel } = context;
  const path = await resolveWorkspace(spec.workspace.path);
  const lease = await identities.acquire(path, listWritable(spec));
  try {
    const network = isOpen ? await chooseFreePort(spec.network) : spec.network;
    const resolved = { ...spec, network, workspace: { ...spec.workspace, path } };
    const openView = isOpen ? await readOpenView() : undefined;
    const plan = await planLaunch({ host, spec: resolved, identity: lease.identity, level, openView, kernel });
    const relayBytes = listDoors(network).length > 0 ? relayAllowance.memoryBytes : 0;
    const group = await level.open(spec.limits.memoryBytes + relayBytes + (kernel?.memoryBytes ?? 0));
    await pipes.prepare();
    return new WatchedSandbox({
      id: spec.id,
      gatewayPort: findGatewayPort(plan.doors),
      folders: [path, ...listWritable(spec)],
      diskBytes: spec.limits.diskBytes,
      cpuSeconds: spec.limits.cpuSeconds,
      ...{ lease, level, group, runTool },
      launch(command) {
        const launch = renderLaunch(plan, command);
        return () => new BubblewrapProcess({ plan, launch, group, pipes });
      },
    });
  } catch (error) {
    await lease.release();
    throw error;
  }
}
