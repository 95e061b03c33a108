// Control groups of the second version, in a group that was delegated to this process.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readDescendants, readProcess, readText } from '../process-facts.ts';
import type { CgroupHierarchy, CgroupLayout } from './cgroup-level.ts';
import { type CgroupMount, parseCgroupMounts } from './cgroup-mount.ts';

/** Where the worker itself goes: a group that holds processes cannot have groups with limits below it. */
const leafName = 'gatepilot-host';

/** Undefined when nothing was delegated; then nothing was changed either. */
export async function prepareCgroupV2(mounts: readonly CgroupMount[]): Promise<CgroupLayout | undefined> {
  const own = mounts.find(({ version }) => version === 2)?.ownFolder;
  if (own === undefined) return undefined;
  // Whoever started this process was moved down by an earlier one.
  const folder = basename(own) === leafName ? dirname(own) : own;
  if (!(await offersMemory(folder)) || !(await enableMemory(folder))) return undefined;
  const hierarchy: CgroupHierarchy = {
    folder,
    render: (memoryBytes) => [
      { file: 'memory.max', value: String(memoryBytes) },
      { file: 'memory.swap.max', value: '0', optional: true },
      { file: 'memory.oom.group', value: '1', optional: true },
    ],
  };
  return { kind: 'cgroup-v2', hierarchy, killCounter: 'memory.events' };
}

/** Reads how many seconds the group of this process has computed, in a group of its own that was made for a sandbox. */
export function findProcessorMeter(pid: number): (() => number) | undefined {
  const mounts = parseCgroupMounts(readText('/proc/self/mountinfo') ?? '', readText(`/proc/${pid}/cgroup`) ?? '');
  const folder = mounts.find(({ version }) => version === 2)?.ownFolder;
  if (folder === undefined || !/^gatepilot-\d+-/.test(basename(folder))) return undefined;
  const read = () => /^usage_usec (\d+)$/m.exec(readText(join(folder, 'cpu.stat')) ?? '')?.[1];
  let last = Number(read() ?? Number.NaN) / 1e6;
  if (Number.isNaN(last)) return undefined;
  return () => {
    last = Math.max(last, Number(read() ?? 0) / 1e6);
    return last;
  };
}

async function offersMemory(folder: string): Promise<boolean> {
  const offered = await readFile(join(folder, 'cgroup.controllers'), 'utf8').catch(() => '');
  return offered.trim().split(' ').includes('memory');
}

async function enableMemory(folder: string): Promise<boolean> {
  const enable = () => writeFile(join(folder, 'cgroup.subtree_control'), '+memory');
  try {
    await enable();
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) return false;
  }
  if (!(await moveToLeaf(folder))) return false;
  return await enable().then(
    () => true,
    () => false,
  );
}

/** Moves this process and its relatives one group down. A group that others use is left alone. */
async function moveToLeaf(folder: string): Promise<boolean> {
  const members = (await readFile(join(folder, 'cgroup.procs'), 'utf8')).trim().split('\n').map(Number);
  const family = new Set([...readAncestors(process.pid), ...readDescendants([process.pid])]);
  if (!members.every((pid) => family.has(pid))) return false;
  const leaf = join(folder, leafName);
  try {
    await mkdir(leaf, { recursive: true });
    for (const pid of members) {
      // Children may come and go meanwhile.
      if (readProcess(pid)) await writeFile(join(leaf, 'cgroup.procs'), String(pid));
    }
    return true;
  } catch {
    return false;
  }
}

function readAncestors(pid: number): number[] {
  const ancestors: number[] = [];
  for (let next = readProcess(pid)?.parent; next; next = readProcess(next)?.parent) ancestors.push(next);
  return ancestors;
}
