// Finds the ways in which this host can hold limits, best first, by making a group and removing it again.
import { type CgroupLayout, createCgroupLevel, sweepAbandonedGroups } from './cgroup-level.ts';
import { readCgroupMounts } from './cgroup-mount.ts';
import { findCgroupV1 } from './cgroup-v1.ts';
import { prepareCgroupV2 } from './cgroup-v2.ts';
import type { LimitLevel, MemoryLevel } from './limit-level.ts';
import { rlimitLevel } from './rlimit.ts';
import { withProcesses } from './with-processes.ts';

const trialBytes = 64 * 1024 * 1024;

export async function detectLimitLevels(): Promise<readonly LimitLevel[]> {
  const mounts = await readCgroupMounts();
  const layouts = [await prepareCgroupV2(mounts), findCgroupV1(mounts)];
  const levels = await Promise.all(layouts.map((layout) => layout && tryLayout(layout)));
  return [...levels.filter((level) => level !== undefined), rlimitLevel].map(withProcesses);
}

async function tryLayout(layout: CgroupLayout): Promise<MemoryLevel | undefined> {
  const level = createCgroupLevel(layout);
  try {
    await sweepAbandonedGroups(layout);
    await (await level.open(trialBytes)).close();
    return level;
  } catch {
    return undefined;
  }
}
