// Control groups of the first version, where each controller has a tree of its own. Usable by root, and by a user to
// whom somebody gave a part of the trees.
import type { CgroupHierarchy, CgroupLayout } from './cgroup-level.ts';
import type { CgroupMount } from './cgroup-mount.ts';

export function findCgroupV1(mounts: readonly CgroupMount[]): CgroupLayout | undefined {
  const mount = mounts.find(({ version, controllers }) => version === 1 && controllers.includes('memory'));
  if (!mount) return undefined;
  const hierarchy: CgroupHierarchy = {
    folder: mount.ownFolder,
    render: (memoryBytes) => [
      { file: 'memory.limit_in_bytes', value: String(memoryBytes) },
      { file: 'memory.memsw.limit_in_bytes', value: String(memoryBytes), optional: true },
    ],
  };
  return { kind: 'cgroup-v1', hierarchy, killCounter: 'memory.oom_control' };
}
