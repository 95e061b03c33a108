// The command line that starts a container, from what is decided about it.
import type { SandboxLimits } from '../../engine/port/sandbox.ts';
import { inside } from '../bubblewrap/inside.ts';
import { relayAllowance } from '../bubblewrap/launch.ts';
import type { Mount } from '../bubblewrap/mount.ts';
import type { Appearance, Engine } from './engine.ts';
import { startPids, startPlaces } from './start-script.ts';

/** On every container of ours. */
export const label = 'gatepilot=sandbox';

export interface ContainerPlan {
  readonly engine: Engine;
  readonly appearance: Appearance;
  readonly mounts: readonly Mount[];
  /** A folder of the host, or the name of an image. */
  readonly root: { readonly kind: 'folder' | 'image'; readonly name: string };
  readonly seccompProfile: string;
  readonly maxOpenFiles: number;
  readonly limits: SandboxLimits;
  readonly hasRelay: boolean;
}

export interface ContainerRun {
  readonly name: string;
  /** Host paths, of this process alone. */
  readonly mounts: readonly Mount[];
  readonly pidFile: string;
  readonly folder: string;
}

const mebibyte = 1024 * 1024;

/** Words after the engine's own options. */
export function renderRun(plan: ContainerPlan, run: ContainerRun): string[] {
  const { engine, appearance, root } = plan;
  return [
    ...['run', '--rm', '--interactive', '--name', run.name, '--label', label, '--pull=never', '--log-driver=none'],
    ...['--network=none', '--ipc=none', '--hostname=sandbox', '--read-only', '--cap-drop=ALL'],
    ...['--security-opt=no-new-privileges', `--security-opt=seccomp=${plan.seccompProfile}`],
    ...engine.options,
    ...appearance.options,
    ...renderLimits(plan),
    ...[...plan.mounts, ...run.mounts].map((mount) => `--mount=${renderMount(mount)}`),
    ...(engine.pidFile?.(run.pidFile) ?? []),
    ...['--workdir', run.folder, '--entrypoint', ''],
    ...(root.kind === 'folder' ? ['--rootfs', root.name] : [root.name]),
    ...['sh', startPlaces.script],
  ];
}

function renderLimits({ engine, limits, maxOpenFiles, hasRelay }: ContainerPlan): string[] {
  const bytes = Math.min(Math.floor(limits.memoryBytes / 2), limits.diskBytes);
  const pids = limits.pids + startPids + (hasRelay ? relayAllowance.pids : 0);
  const tmpfs = (path: string, size = bytes) => `--tmpfs=${path}:rw,exec,nosuid,nodev,size=${size},mode=1777`;
  return [
    tmpfs(inside.temporary),
    tmpfs(inside.home),
    // Not the engine's, which is mounted on the host and stays there when everything dies.
    tmpfs(inside.sharedMemory, Math.min(bytes, 64 * mebibyte)),
    ...engine.renderPids(pids),
    `--ulimit=nofile=${maxOpenFiles}:${maxOpenFiles}`,
    // At the lower figure a signal that says why, at the higher one the end.
    `--ulimit=cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 1}`,
    `--ulimit=fsize=${limits.diskBytes}:${limits.diskBytes}`,
    // One byte, not none: with none the kernel would still hand a crash to the host's crash handler.
    '--ulimit=core=1:1',
  ];
}

/** In the one notation that takes any path: fields of a line of comma separated values. */
function renderMount({ source, target, access }: Mount): string {
  const fields = ['type=bind', `source=${source}`, `target=${target}`, ...(access === 'read-only' ? ['readonly'] : [])];
  return fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
