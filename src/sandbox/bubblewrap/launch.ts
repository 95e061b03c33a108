// Puts together the command that starts a process in a sandbox. What it may see and how much it may use is decided by
// its callers; how bubblewrap is told is decided here.
import type { SandboxLimits } from '../../engine/port/sandbox.ts';
import { descriptor } from './descriptor.ts';
import type { PlacedDoor } from './doors.ts';
import type { Host } from './host.ts';
import type { Identity } from './identity-pool.ts';
import { defaultEnvironment, inside, insideUid } from './inside.ts';
import type { Mount } from './mount.ts';
import type { Guest, OwnKernel } from './own-kernel.ts';
import { renderStage } from './stage.ts';

/** Everything about a sandbox that is the same for all its processes. */
export interface LaunchPlan {
  readonly host: Host;
  /** Where there is no isolation: the host as it is, in the place of a view of our own. */
  readonly openView: readonly string[] | undefined;
  /** Undefined: programs run on the kernel of the host. */
  readonly kernel: OwnKernel | undefined;
  readonly identity: Identity | undefined;
  /** Some sources lie in folders that are closed to `identity`: root mounts them to where they can be reached. */
  readonly isStaged: boolean;
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
  /** Their sockets are among the mounts. */
  readonly doors: readonly PlacedDoor[];
  readonly limits: SandboxLimits;
  readonly holdsStart: boolean;
  readonly seccompProgram: Buffer;
}

export interface LaunchCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly identity: Identity | undefined;
  /** What to write to which descriptor at once. */
  readonly inputs: ReadonlyMap<number, Buffer | string>;
}

/** The relay is a process of its own with a few threads, which must not cost the command its share. */
export const relayAllowance = { pids: 8, memoryBytes: 64 * 1024 * 1024 };

const mebibyte = 1024 * 1024;

export function renderLaunch(plan: LaunchPlan, command: LaunchCommand): Launch {
  const { host, identity } = plan;
  const stage = plan.isStaged && identity ? renderStage(host, plan.mounts, identity) : undefined;
  const isFiltered = !plan.openView && !plan.kernel;
  const inputs = new Map<number, Buffer | string>(isFiltered ? [[descriptor.seccomp, plan.seccompProgram]] : []);
  if (stage) inputs.set(descriptor.stage, encodeArguments(stage.options));

  let env = { ...defaultEnvironment, ...plan.env, ...command.env };
  let argv = command.argv;
  if (plan.doors.length > 0) {
    inputs.set(descriptor.command, renderRelayInput(plan.doors, { ...command, env }));
    env = { ...defaultEnvironment };
    argv = plan.kernel ? relayByFile : relayArgv;
  }
  const limited = [...renderLimits(plan), host.tini, '--', ...argv];
  const start = plan.kernel?.render(renderGuest(plan, { argv: limited, env, folder: command.folder }));
  if (start) inputs.set(descriptor.kernel, start.file.content);
  const options = renderOptions(plan, {
    mounts: stage?.mounts ?? plan.mounts,
    files: [
      ...(start ? [[descriptor.kernel, start.file.path] as const] : []),
      ...(start && plan.doors.length > 0 ? [[descriptor.command, inside.relayInput] as const] : []),
    ],
    env: start ? {} : env,
    folder: command.folder,
  });
  inputs.set(descriptor.options, encodeArguments(options));

  const program = start ? [...renderKernelLimits(host), host.tini, '-s', '--', ...start.argv] : limited;
  const bwrap = ['--args', String(descriptor.options), '--', ...program];
  return stage
    ? { file: host.bwrap, args: [...stage.args, ...bwrap], identity: undefined, inputs }
    : { file: host.bwrap, args: bwrap, identity, inputs };
}

function renderOptions(
  plan: LaunchPlan,
  variable: {
    mounts: readonly Mount[];
    /** A descriptor's content, at a path inside. */
    files: readonly (readonly [number, string])[];
    env: Readonly<Record<string, string>>;
    folder: string;
  },
): string[] {
  const { host } = plan;
  // A kernel of its own starts as root of the namespace, and makes a user in it for its programs.
  const id = String(plan.kernel ? 0 : insideUid);
  return [
    ...['--json-status-fd', String(descriptor.status)],
    ...(plan.holdsStart ? ['--block-fd', String(descriptor.startLine)] : []),
    // Also where nothing is isolated: they are how everything that a process started is killed with it.
    ...['--unshare-user', '--unshare-pid', '--uid', id, '--gid', id],
    ...['--die-with-parent', '--new-session', '--as-pid-1', '--clearenv'],
    ...(plan.openView ? [...plan.openView, ...renderHome(plan.limits)] : renderIsolation(plan)),
    ...variable.mounts.flatMap(({ source, target, access }) => [
      access === 'read-only' ? '--ro-bind' : '--bind',
      source,
      target,
    ]),
    ...variable.files.flatMap(([from, path]) => ['--perms', '0400', '--file', String(from), path]),
    ...host.links.flatMap(({ path, pointsTo }) => ['--symlink', pointsTo, path]),
    ...['--chdir', variable.folder],
    ...Object.entries(variable.env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--remount-ro', '/'],
  ];
}

function renderIsolation({ host, limits, kernel }: LaunchPlan): string[] {
  return [
    ...['--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--hostname', 'sandbox'],
    // A kernel of its own makes namespaces and filters for itself before it runs any program.
    ...(kernel
      ? ['--cap-add', 'ALL']
      : ['--seccomp', String(descriptor.seccomp), '--disable-userns', '--cap-drop', 'ALL']),
    ...host.systemMounts,
    ...renderScratch(limits),
    ...['--perms', '0755', '--dir', '/run'],
  ];
}

const tmpfs = (perms: string, size: number, path: string) => [
  '--perms',
  perms,
  '--size',
  String(size),
  '--tmpfs',
  path,
];

const toScratchBytes = ({ memoryBytes, diskBytes }: SandboxLimits) => Math.min(Math.floor(memoryBytes / 2), diskBytes);

const toSharedBytes = (limits: SandboxLimits) => Math.min(toScratchBytes(limits), 64 * mebibyte);

function renderGuest({ limits, mounts }: LaunchPlan, program: Pick<Guest, 'argv' | 'env' | 'folder'>): Guest {
  const bytes = toScratchBytes(limits);
  return {
    ...program,
    env: { ...program.env, PWD: program.folder },
    shared: mounts.filter(({ target, access }) => target === inside.workspace || access === 'read-write'),
    scratch: [
      { path: inside.sharedMemory, mode: '1777', bytes: toSharedBytes(limits) },
      { path: inside.temporary, mode: '1777', bytes },
      { path: inside.home, mode: '0700', bytes },
    ],
  };
}

/** Folders in memory. Sized, because without a size they may fill the host's memory; nothing else is writable. */
function renderScratch(limits: SandboxLimits): string[] {
  const bytes = toScratchBytes(limits);
  return [
    ...['--proc', '/proc', '--dev', '/dev'],
    ...tmpfs('1777', toSharedBytes(limits), inside.sharedMemory),
    ...['--remount-ro', '/dev'],
    ...tmpfs('1777', bytes, inside.temporary),
    ...['--perms', '0755', '--dir', '/home'],
    ...renderHome(limits),
  ];
}

function renderHome(limits: SandboxLimits): string[] {
  return tmpfs('0700', toScratchBytes(limits), inside.home);
}

/** Set inside, where processes are counted per sandbox; outside they would be counted per user. */
function renderLimits({ host, limits, doors }: LaunchPlan): string[] {
  const init = 1;
  const pids = limits.pids + init + (doors.length === 0 ? 0 : relayAllowance.pids);
  return [
    host.prlimit,
    `--nproc=${pids}`,
    `--nofile=${host.maxOpenFiles}`,
    // Of each process alone, so that not even a lost watch lets one compute for ever. At the lower figure a signal that
    // says why, at the higher one the end.
    `--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 1}`,
    `--fsize=${limits.diskBytes}`,
    // One byte, not none: with none the kernel would still hand a crash to the host's crash handler.
    '--core=1',
    '--',
  ];
}

/** Those of the programs are set where they run, on that kernel. */
function renderKernelLimits(host: Host): string[] {
  return [host.prlimit, `--nofile=${host.maxOpenFiles}`, '--core=1', '--'];
}

// Few threads and little memory: it only copies bytes.
export const relayArgv = [
  `${inside.node}/bin/node`,
  '--v8-pool-size=0',
  '--disable-sigusr1',
  inside.relay,
  String(descriptor.command),
];

/** A kernel of its own hands on no more than the usual three descriptors. */
const relayByFile = ['sh', '-c', `exec "$@" ${descriptor.command}<${inside.relayInput}`, 'sh', ...relayArgv];

export function renderRelayInput(doors: readonly PlacedDoor[], { argv, env, folder }: LaunchCommand): string {
  const ways = doors.map(({ target, port }) => ({ socket: target, port }));
  return JSON.stringify({ doors: ways, argv, env: { ...env, PWD: folder } });
}

/** A NUL within a value would end it and start an option of its own. */
function encodeArguments(args: readonly string[]): Buffer {
  const smuggled = args.find((argument) => argument.includes('\0'));
  if (smuggled !== undefined) throw new Error('an argument, path or variable of a sandbox holds a NUL byte');
  return Buffer.from(args.map((argument) => `${argument}\0`).join(''));
}
