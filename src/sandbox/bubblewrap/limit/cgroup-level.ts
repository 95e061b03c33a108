// Limits held by the kernel through control groups: one group per sandbox, below the group of this process.
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readProcess } from '../process-facts.ts';
import type { MemoryGroup, MemoryLevel } from './limit-level.ts';

export interface CgroupHierarchy {
  /** Groups are made in this folder. */
  readonly folder: string;
  /** Files to write; one that is optional may not exist on this kernel. */
  readonly render: (memoryBytes: number) => readonly CgroupSetting[];
}

export interface CgroupSetting {
  readonly file: string;
  readonly value: string;
  readonly optional?: boolean;
}

export interface CgroupLayout {
  readonly kind: 'cgroup-v2' | 'cgroup-v1';
  readonly hierarchy: CgroupHierarchy;
  /** The file of a group in which the kernel counts the processes that it killed for want of memory. */
  readonly killCounter: string;
}

const removeWithinMs = 5_000;
let groupsMade = 0;

export function createCgroupLevel(layout: CgroupLayout): MemoryLevel {
  return {
    kind: layout.kind,
    memory: 'hard',
    holdsStart: true,
    pollMs: 500,
    open: (memoryBytes) => openGroup(layout, memoryBytes),
  };
}

async function openGroup({ hierarchy, killCounter }: CgroupLayout, memoryBytes: number): Promise<MemoryGroup> {
  const folder = join(hierarchy.folder, `${ownerPrefix(process.pid)}${++groupsMade}`);
  const close = () => removeGroup(folder);
  try {
    await mkdir(folder);
    for (const setting of hierarchy.render(memoryBytes)) await writeSetting(folder, setting);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    attach: (pid) => writeFile(join(folder, 'cgroup.procs'), String(pid)),
    countMemoryBreaches: async () => parseKillCount(await readFile(join(folder, killCounter), 'utf8')),
    close,
  };
}

async function writeSetting(folder: string, { file, value, optional }: CgroupSetting): Promise<void> {
  try {
    // Without O_CREAT: a file that the kernel did not make must be an error.
    await writeFile(join(folder, file), value, { flag: 'r+' });
  } catch (error) {
    if (!optional) throw error;
  }
}

function parseKillCount(content: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(content)?.[1] ?? 0);
}

/** A group counts as busy for a moment after its last process is gone. */
async function removeGroup(folder: string): Promise<void> {
  const deadline = performance.now() + removeWithinMs;
  for (;;) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      if (isCode(error, 'ENOENT')) return;
      if (!isCode(error, 'EBUSY') || performance.now() > deadline) throw error;
    }
    await sleep(5);
  }
}

/** Ends and removes what processes left behind that were killed before they could do it. */
export async function sweepAbandonedGroups({ hierarchy: { folder } }: CgroupLayout): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isAbandoned(name)) await removeAbandoned(join(folder, name));
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  const processes = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
  for (const line of processes.split('\n')) {
    if (Number(line) > 0) endProcess(Number(line));
  }
  // Another worker may be sweeping the same.
  await removeGroup(folder).catch(() => undefined);
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Dead already.
  }
}

/** The name of a group tells whose it is: a process number alone may be somebody else's by now. */
function ownerPrefix(pid: number): string {
  return `gatepilot-${pid}-${readProcess(pid)?.startTime ?? 0}-`;
}

function isAbandoned(name: string): boolean {
  const owner = Number(/^gatepilot-(\d+)-\d+-\d+$/.exec(name)?.[1]);
  return owner > 0 && !name.startsWith(ownerPrefix(owner));
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
