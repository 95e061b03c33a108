// Decides what a sandbox is started with: which folders of the host, as whom, and whether root has to stage them.
// Refuses here what could only fail later.
import { chown, lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { SandboxRefused, type SandboxSpec } from '../../engine/port/sandbox.ts';
import { findClosedFolder, isReadableBy } from './closed-folder.ts';
import { listDoors, type PlacedDoor } from './doors.ts';
import type { Host } from './host.ts';
import type { Identity } from './identity-pool.ts';
import { dependencyPath, inside } from './inside.ts';
import type { LaunchPlan } from './launch.ts';
import type { LimitLevel } from './limit/limit-level.ts';
import type { Mount } from './mount.ts';
import type { OwnKernel } from './own-kernel.ts';

export async function planLaunch(options: {
  readonly host: Host;
  readonly spec: SandboxSpec;
  readonly identity: Identity | undefined;
  readonly level: LimitLevel;
  readonly openView: readonly string[] | undefined;
  readonly kernel: OwnKernel | undefined;
}): Promise<LaunchPlan> {
  const { host, spec, identity, level, openView, kernel } = options;
  const readOnly = await Promise.all(spec.readOnly.map(resolveReadOnly));
  const doors = listDoors(spec.network);
  const dependencies = await listDependencies(spec.dependencies);
  const sockets = await Promise.all(doors.map((door) => resolveSocket(door, identity)));
  const { path, access } = spec.workspace;
  const workspace: Mount = { source: path, target: inside.workspace, access };
  const mounts = [
    ...host.mounts.filter(({ target }) => !(openView && target.startsWith('/etc/'))),
    ...(kernel?.mounts ?? []),
    ...readOnly,
    ...dependencies,
    ...sockets,
    workspace,
  ];
  if (identity)
    await refuseUnreadable([...host.mounts, ...(kernel?.mounts ?? []), ...readOnly, ...dependencies], identity);
  return {
    host,
    openView,
    kernel,
    identity,
    isStaged:
      identity !== undefined && (await isAnyClosed([host.bwrap, ...mounts.map(({ source }) => source)], identity)),
    mounts,
    env: { ...(spec.dependencies ? { PATH: dependencyPath } : {}), ...spec.env },
    doors,
    limits: spec.limits,
    holdsStart: level.holdsStart,
    seccompProgram: level.memory === 'hard' ? host.seccompPrograms.counted : host.seccompPrograms.watched,
  };
}

/** The workspace must be a folder itself: a link would decide later what is mounted and handed over. */
export async function resolveWorkspace(path: string): Promise<string> {
  const facts = await lstat(path).catch(() => undefined);
  if (!facts?.isDirectory()) throw new SandboxRefused('workspace', `${path} is not a folder`);
  return await realpath(path);
}

/** Made by code of a repository: what is a link there would decide what of the host is mounted. */
export async function listDependencies(dependencies: SandboxSpec['dependencies']): Promise<Mount[]> {
  if (!dependencies) return [];
  const { access } = dependencies;
  const path = await resolveWorkspace(dependencies.path);
  const seen: Mount[] = [{ source: path, target: inside.dependencies, access }];
  // Whoever writes it could put a link in its place before the next process starts.
  if (access === 'read-write') return seen;
  const modules = join(path, 'node_modules');
  const facts = await lstat(modules).catch(() => undefined);
  return facts?.isDirectory() ? [...seen, { source: modules, target: inside.nodeModules, access }] : seen;
}

/** Host paths of what is written besides the workspace. */
export function listWritable({ dependencies }: SandboxSpec): readonly string[] {
  return dependencies?.access === 'read-write' ? [dependencies.path] : [];
}

export async function resolveReadOnly({ source, target }: { source: string; target: string }): Promise<Mount> {
  try {
    return { source: await realpath(source), target, access: 'read-only' };
  } catch {
    throw new SandboxRefused('read-only mount', `${source} is not there`);
  }
}

/** Only the socket is mounted, not its folder: sockets of other sandboxes may lie beside it. */
export async function resolveSocket(
  { socket: path, target }: PlacedDoor,
  identity: Identity | undefined,
): Promise<Mount> {
  const facts = await lstat(path).catch(() => undefined);
  if (!facts?.isSocket()) throw new SandboxRefused('gateway', `there is no socket at ${path}`);
  const isOpen = (facts.mode & 0o002) !== 0;
  if (identity && !isOpen) await chown(path, identity.uid, identity.gid);
  return { source: await realpath(path), target, access: 'read-only' };
}

async function refuseUnreadable(mounts: readonly Mount[], identity: Identity): Promise<void> {
  for (const { source } of mounts) {
    if (await isReadableBy(source, identity)) continue;
    throw new SandboxRefused('read-only mount', `${source} may be read by its owner only: allow reading to all`);
  }
}

async function isAnyClosed(paths: readonly string[], identity: Identity): Promise<boolean> {
  for (const path of paths) if (await findClosedFolder(path, identity)) return true;
  return false;
}
