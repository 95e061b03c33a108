// Files that no folder shows any more, or never showed, and that live on because processes hold them: removed while they
// were open, or made in memory without a name.
import { statfs } from 'node:fs/promises';
import { type RunTool, ToolFailed } from '../../../subprocess/run-tool.ts';
import { inside } from '../inside.ts';
import { readText } from '../process-facts.ts';

export interface HeldFiles {
  /** On one of the devices that were asked for, in bytes. */
  readonly diskBytes: number;
  readonly diskFiles: number;
  /** In file systems that are mounted nowhere, which are the kernel's own for memory. In bytes, by their numbers there. */
  readonly inMemory: ReadonlyMap<string, number>;
}

export interface HeldQuestion {
  readonly pids: readonly number[];
  /** Whose files they are. */
  readonly uid: number;
  /** Of the folders on disk. */
  readonly devices: ReadonlySet<number>;
}

/** Whoever makes it take longer, or holds more than can be told in so much, is beyond every bound. */
const bounds = { timeoutMs: 30_000, maxBytes: 8 * 1024 * 1024 };
const blockBytes = 512;
const boundless: HeldFiles = { diskBytes: Number.POSITIVE_INFINITY, diskFiles: 0, inMemory: new Map() };
const memoryTypes: readonly number[] = [0x01021994, 0x958458f6];

export const nothingHeld: HeldFiles = { diskBytes: 0, diskFiles: 0, inMemory: new Map() };

interface Held {
  readonly inode: string;
  readonly device: number;
  readonly bytes: number;
  /** Where it can be asked about. */
  readonly path: string | undefined;
}

export async function readHeldFiles(runTool: RunTool, question: HeldQuestion): Promise<HeldFiles> {
  const files = await listHeld(runTool, question);
  if (!files) return boundless;
  const onDisk = files.filter(({ device }) => question.devices.has(device));
  const inMemory = await selectMemory(files, question);
  const diskBytes = onDisk.reduce((total, { bytes }) => total + bytes, 0);
  return { diskBytes, diskFiles: onDisk.length, inMemory: new Map(inMemory.map(({ inode, bytes }) => [inode, bytes])) };
}

/**
 * One that is open is known exactly; of one that is only mapped it is known what it may be at most, which can be far more: a kernel
 * of a sandbox's own maps a gibibyte of a few pages. Processes that start and end between both questions make a file look as if
 * it were only mapped, so that is believed when it is seen twice.
 */
async function listHeld(runTool: RunTool, question: HeldQuestion): Promise<readonly Held[] | undefined> {
  const before = await look(runTool, question);
  if (!before || before.mapped.size === 0) return before && [...before.open.values()];
  const now = await look(runTool, question);
  if (!now) return undefined;
  const twice = [...now.mapped].flatMap(([key, held]) => (before.mapped.has(key) ? [held] : []));
  return [...now.open.values(), ...twice];
}

interface Look {
  readonly open: ReadonlyMap<string, Held>;
  /** And not open. */
  readonly mapped: ReadonlyMap<string, Held>;
}

async function look(runTool: RunTool, question: HeldQuestion): Promise<Look | undefined> {
  const [open, mapped] = await Promise.all([readOpen(runTool, question), readMapped(runTool, question)]);
  return open && mapped && { open, mapped: new Map([...mapped].filter(([key]) => !open.has(key))) };
}

/** Mapped files can be asked about by a root worker only. */
async function readOpen(runTool: RunTool, { pids, uid }: HeldQuestion): Promise<ReadonlyMap<string, Held> | undefined> {
  const folders = pids.flatMap((pid) => [`/proc/${pid}/fd`, `/proc/${pid}/map_files`]);
  const tests = ['-maxdepth', '1', '-type', 'f', '-links', '0', '-uid', String(uid), '-printf', '%D %i %b %p\\n'];
  const text = await print(runTool, 'find', ['-L', ...folders, ...tests]);
  return text === undefined ? undefined : new Map(text.split('\n').flatMap(parseOpen));
}

function parseOpen(line: string): [string, Held][] {
  const [device, inode = '', blocks, path] = line.split(' ');
  if (path === undefined) return [];
  return [[`${device}:${inode}`, { inode, device: Number(device), bytes: Number(blocks) * blockBytes, path }]];
}

/** As much of them as is mapped. Libraries of the host that were replaced meanwhile are not the sandbox's. */
async function readMapped(runTool: RunTool, { pids }: HeldQuestion): Promise<ReadonlyMap<string, Held> | undefined> {
  const place = `(${inside.workspace}/|${inside.dependencies}/|/memfd:).* \\(deleted\\)$`;
  const text = await print(runTool, 'grep', ['-hE', ` ${place}`, ...pids.map((pid) => `/proc/${pid}/maps`)]);
  if (text === undefined) return undefined;
  const files = new Map<string, Held>();
  for (const [key, held] of text.split('\n').flatMap(parseMapped)) {
    if (held.bytes > (files.get(key)?.bytes ?? 0)) files.set(key, held);
  }
  return files;
}

function parseMapped(line: string): [string, Held][] {
  const match = /^([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+) /.exec(line);
  if (!match) return [];
  const [start = 0, end = 0, offset = 0, major = 0, minor = 0] = match
    .slice(1, 6)
    .map((text) => Number.parseInt(text, 16));
  const device = toDevice(major, minor);
  const inode = match[6] ?? '';
  return [[`${device}:${inode}`, { inode, device, bytes: offset + end - start, path: undefined }]];
}

/** Ends with what it printed also where processes are gone meanwhile; undefined when it went beyond the bounds. */
async function print(runTool: RunTool, tool: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return await runTool(tool, args, bounds);
  } catch (error) {
    if (!(error instanceof ToolFailed)) throw error;
    return error.isBeyond ? undefined : error.stdout;
  }
}

async function selectMemory(files: readonly Held[], { pids, devices }: HeldQuestion): Promise<readonly Held[]> {
  const known = new Set([...devices, ...pids.slice(0, 1).flatMap(readMounted)]);
  const types = new Map<number, Promise<boolean>>();
  const selected = await Promise.all(
    files.map(({ device, path }) => {
      if (known.has(device)) return false;
      const isMemory = types.get(device) ?? (path === undefined ? Promise.resolve(true) : isInMemory(path));
      types.set(device, isMemory);
      return isMemory;
    }),
  );
  return files.filter((_file, index) => selected[index]);
}

async function isInMemory(path: string): Promise<boolean> {
  const facts = await statfs(path).catch(() => undefined);
  return facts !== undefined && memoryTypes.includes(facts.type);
}

function readMounted(pid: number): number[] {
  const lines = (readText(`/proc/${pid}/mountinfo`) ?? '').split('\n');
  return lines.flatMap((line) => {
    const [major, minor] = line.split(' ')[2]?.split(':').map(Number) ?? [];
    return major === undefined || minor === undefined ? [] : [toDevice(major, minor)];
  });
}

/** As the kernel puts both into one number. */
function toDevice(major: number, minor: number): number {
  return (minor & 0xff) + (major << 8) + (minor & ~0xff) * 2 ** 12;
}
