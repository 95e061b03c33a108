// Puts together the command that starts a process in a sandbox. What it may see and how much it may use is decided by
// its callers; how bubblewrap is told is decided here.
import type { SandboxLimits } from '../../engine/port/sandbox.ts';
import { descriptor } from './descriptor.ts';
import type { PlacedDoor } from './doors.ts';
import type { Host } from './host.ts';
import type { Identity } from './identity-pool.ts';
import { defaultEnvironment, inside, insideUid } from './inside.ts';
import type { Mount } from './mount.ts';
import { renderStage } from './stage.ts';

/** Everything about a sandbox that is the same for all its processes. */
export interface LaunchPlan {
  readonly host: Host;
  /** Where there is no isolation: the host as it is, in the place of a view of our own. */
  readonly openView: readonly string[] | undefined;
  readonly identity: Identity | undefined;
  /** Some sources lie in folders that are closed to `identity`: root mounts them to where they can be reached. */
  readonly isStaged: boolean;
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
  /** Their sockets are among the mounts. */
  readonly doors: readonly PlacedDoor[];
  readonly limits: SandboxLimits;
  readonly holdsStart: boolean;
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
  const inputs = new Map<number, Buffer | string>(plan.openView ? [] : [[descriptor.seccomp, host.seccompProgram]]);
  if (stage) inputs.set(descriptor.stage, encodeArguments(stage.options));

  let env = { ...defaultEnvironment, ...plan.env, ...command.env };
  let argv = command.argv;
  if (plan.doors.length > 0) {
    inputs.set(descriptor.command, renderRelayInput(plan.doors, { ...command, env }));
    env = { ...defaultEnvironment };
    argv = relayArgv;
  }
  inputs.set(
    descriptor.options,
    encodeArguments(renderOptions(plan, { mounts: stage?.mounts ?? plan.mounts, env, folder: command.folder })),
  );

  const program = [...renderLimits(plan), host.tini, '--', ...argv];
  const bwrap = ['--args', String(descriptor.options), '--', ...program];
  return stage
    ? { file: host.bwrap, args: [...stage.args, ...bwrap], identity: undefined, inputs }
    : { file: host.bwrap, args: bwrap, identity, inputs };
}

function renderOptions(
  plan: LaunchPlan,
  variable: { mounts: readonly Mount[]; env: Readonly<Record<string, string>>; folder: string },
): string[] {
  const { host } = plan;
  const id = String(insideUid);
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
    ...host.links.flatMap(({ path, pointsTo }) => ['--symlink', pointsTo, path]),
    ...['--chdir', variable.folder],
    ...Object.entries(variable.env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--remount-ro', '/'],
  ];
}

function renderIsolation({ host, limits }: LaunchPlan): string[] {
  return [
    ...['--seccomp', String(descriptor.seccomp)],
    ...['--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--disable-userns', '--hostname', 'sandbox', '--cap-drop', 'ALL'],
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

/** Folders in memory. Sized, because without a size they may fill the host's memory; nothing else is writable. */
function renderScratch(limits: SandboxLimits): string[] {
  const bytes = toScratchBytes(limits);
  const sharedBytes = Math.min(bytes, 64 * mebibyte);
  return [
    ...['--proc', '/proc', '--dev', '/dev'],
    ...tmpfs('1777', sharedBytes, inside.sharedMemory),
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
    // At the lower figure a signal that says why, at the higher one the end.
    `--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 1}`,
    `--fsize=${limits.diskBytes}`,
    // One byte, not none: with none the kernel would still hand a crash to the host's crash handler.
    '--core=1',
    '--',
  ];
}

// Few threads and little memory: it only copies bytes.
const relayArgv = [
  `${inside.node}/bin/node`,
  '--v8-pool-size=0',
  '--disable-sigusr1',
  inside.relay,
  String(descriptor.command),
];

function renderRelayInput(doors: readonly PlacedDoor[], { argv, env, folder }: LaunchCommand): string {
  const ways = doors.map(({ target, port }) => ({ socket: target, port }));
  return JSON.stringify({ doors: ways, argv, env: { ...env, PWD: folder } });
}

/** A NUL within a value would end it and start an option of its own. */
function encodeArguments(args: readonly string[]): Buffer {
  const smuggled = args.find((argument) => argument.includes('\0'));
  if (smuggled !== undefined) throw new Error('an argument, path or variable of a sandbox holds a NUL byte');
  return Buffer.from(args.map((argument) => `${argument}\0`).join(''));
}
