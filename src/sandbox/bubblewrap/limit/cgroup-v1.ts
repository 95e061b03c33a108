// Control groups of the first version, where each controller has a tree of its own. Usable by root, and by a user to
// whom somebody gave a part of the trees.
import type { CgroupHierarchy, CgroupLayout } from './cgroup-level.ts';
import type { CgroupMount } from './cgroup-mount.ts';

export function findCgroupV1(mounts: readonly CgroupMount[]): CgroupLayout | undefined {
  const memory = findHierarchy(mounts, 'memory', ({ memoryBytes }) => [
    { file: 'memory.limit_in_bytes', value: String(memoryBytes) },
    { file: 'memory.memsw.limit_in_bytes', value: String(memoryBytes), optional: true },
  ]);
  if (!memory) return undefined;
  // Without it processes are still counted by the resource limit that every sandbox sets.
  const pids = findHierarchy(mounts, 'pids', (limits) => [{ file: 'pids.max', value: String(limits.pids) }]);
  return {
    kind: 'cgroup-v1',
    hierarchies: pids ? [memory, pids] : [memory],
    killCounter: { hierarchy: memory, file: 'memory.oom_control' },
  };
}

function findHierarchy(
  mounts: readonly CgroupMount[],
  controller: string,
  render: CgroupHierarchy['render'],
): CgroupHierarchy | undefined {
  const mount = mounts.find(({ version, controllers }) => version === 1 && controllers.includes(controller));
  return mount && { folder: mount.ownFolder, render };
}
