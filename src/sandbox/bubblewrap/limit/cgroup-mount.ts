// Where this process's own control groups are, as folders.
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface CgroupMount {
  readonly version: 1 | 2;
  /** Empty for version 2. */
  readonly controllers: readonly string[];
  /** The folder of the group that this process is in. */
  readonly ownFolder: string;
}

export async function readCgroupMounts(): Promise<readonly CgroupMount[]> {
  const [mounts, memberships] = await Promise.all([
    readFile('/proc/self/mountinfo', 'utf8').catch(() => ''),
    readFile('/proc/self/cgroup', 'utf8').catch(() => ''),
  ]);
  return parseCgroupMounts(mounts, memberships);
}

/** Takes the content of /proc/self/mountinfo and of /proc/self/cgroup. */
export function parseCgroupMounts(mounts: string, memberships: string): readonly CgroupMount[] {
  const paths = parseMemberships(memberships);
  return mounts.split('\n').flatMap((line): CgroupMount[] => {
    const [place = '', type = ''] = line.split(' - ');
    const [, , , root = '/', mountPoint = ''] = place.split(' ');
    const [kind = '', , options = ''] = type.split(' ');
    if (kind !== 'cgroup' && kind !== 'cgroup2') return [];
    const controllers = kind === 'cgroup' ? options.split(',').filter((option) => paths.has(option)) : [];
    const own = paths.get(kind === 'cgroup2' ? '' : (controllers[0] ?? ''));
    if (own === undefined || (kind === 'cgroup' && controllers.length === 0)) return [];
    // A container sees its own part of the tree: what lies above its root is not in the mount.
    const below = relative(root, own);
    const ownFolder = below.startsWith('..') ? mountPoint : join(mountPoint, below);
    return [{ version: kind === 'cgroup2' ? 2 : 1, controllers, ownFolder }];
  });
}

/** Path by controller; the empty name stands for version 2. */
function parseMemberships(text: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    for (const controller of match?.[1]?.split(',') ?? []) paths.set(controller, match?.[2] ?? '/');
  }
  return paths;
}
