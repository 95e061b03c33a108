// Looks after the limits that no process can be stopped at: memory (where the kernel killed one process of a tree, or
// where nobody else counts), the size of the workspace, and the processor time of all processes together.
import { lstat } from 'node:fs/promises';
import type { RunTool } from '../../../subprocess/run-tool.ts';
import { type HeldFiles, nothingHeld, readHeldFiles } from './held-files.ts';
import type { LimitGroup } from './limit-level.ts';
import { type FolderUse, measureFolders } from './measure-folders.ts';
import { SegmentReader, type Segments } from './memory-segments.ts';

/** Measuring a workspace may take a tenth of the time, unless that would leave it alone for longer than a few seconds. */
const diskRestFactor = 10;
const diskPauseMs = { least: 1_000, most: 5_000 };
const heldPauseMs = 1_000;
const processorPauseMs = 500;
/** As often as this in a row a workspace may be beyond measuring before it is taken for full. */
const patience = 10;

/** A file costs a disk more than its content, so that there is a most of them too. */
const bytesPerEntry = 8 * 1024;
const entriesInAnyCase = 10_000;

export interface LimitWatch {
  readonly group: LimitGroup;
  readonly runTool: RunTool;
  readonly memoryPollMs: number;
  /** Host paths; the first belongs to whoever the processes run as. */
  readonly folders: readonly string[];
  readonly diskBytes: number;
  /** Nothing runs, so nothing can grow. */
  readonly isIdle: () => boolean;
  /** How often the memory limit was reached so far; whom that concerns depends on when they started. */
  readonly onMemoryBreaches: (count: number) => void;
  readonly onDiskFull: () => void;
  /** Of all processes since the group was opened; whom that concerns depends on when they started. */
  readonly onProcessorSeconds: (seconds: number) => void;
}

/** Returns the function that ends the watch. */
export function watchLimits(watch: LimitWatch): () => void {
  const stopping = new AbortController();
  const repeatWhileBusy = (firstPauseMs: number, check: () => Promise<number>) =>
    repeat(stopping.signal, firstPauseMs, async () => (watch.isIdle() ? firstPauseMs : await check()));

  repeatWhileBusy(watch.memoryPollMs, async () => {
    watch.onMemoryBreaches(await watch.group.countMemoryBreaches());
    return watch.memoryPollMs;
  });
  const lookAtHeld = shareLook(watch);
  if (watch.group.noteHeldMemory) {
    const segments = new SegmentReader(watch.runTool);
    repeatWhileBusy(heldPauseMs, async () => {
      const { pids, files } = lookAtHeld();
      const [held, shared] = await Promise.all([files, segments.read(pids)]);
      watch.group.noteHeldMemory?.(sumMemory(held.inMemory, shared), pids);
      return heldPauseMs;
    });
  }
  repeatWhileBusy(processorPauseMs, async () => {
    watch.onProcessorSeconds(watch.group.readProcessorSeconds());
    return processorPauseMs;
  });
  let failures = 0;
  repeatWhileBusy(diskPauseMs.least, async () => {
    const startedAt = performance.now();
    const isFull = await isDiskFull(watch, lookAtHeld().files).catch(() => undefined);
    failures = isFull === undefined ? failures + 1 : 0;
    if (isFull || failures >= patience) watch.onDiskFull();
    const restMs = (performance.now() - startedAt) * diskRestFactor;
    return Math.min(diskPauseMs.most, Math.max(diskPauseMs.least, restMs));
  });
  return () => stopping.abort();
}

/** Whether the folders, with the files that were removed from them and are still in use, are beyond the limit. */
export async function isDiskFull(
  watch: Pick<LimitWatch, 'group' | 'runTool' | 'folders' | 'diskBytes'>,
  files: Promise<HeldFiles> = readHeld(watch, watch.group.readProcesses()),
): Promise<boolean> {
  const bounds = toBounds(watch.diskBytes);
  const [shown, held] = await Promise.all([measureFolders(watch.runTool, watch.folders, bounds), files]);
  const isCrowded = shown.entries + held.diskFiles > bounds.entries;
  return isCrowded || shown.bytes + held.diskBytes > bounds.bytes;
}

function toBounds(diskBytes: number): FolderUse {
  return { bytes: diskBytes, entries: Math.max(entriesInAnyCase, Math.floor(diskBytes / bytesPerEntry)) };
}

interface HeldLook {
  readonly pids: readonly number[];
  readonly files: Promise<HeldFiles>;
}

/** Memory and disk ask the same of the same processes: whoever comes while somebody looks, or a moment after, is told the same. */
function shareLook(watch: LimitWatch): () => HeldLook {
  let newest: (HeldLook & { readonly at: number }) | undefined;
  let isLooking = false;
  return () => {
    if (newest && (isLooking || performance.now() - newest.at < heldPauseMs)) return newest;
    const pids = watch.group.readProcesses();
    isLooking = true;
    const files = readHeld(watch, pids).finally(() => {
      isLooking = false;
    });
    // Whoever asked is told; nobody may be waiting for it yet.
    files.catch(() => undefined);
    newest = { pids, files, at: performance.now() };
    return newest;
  };
}

async function readHeld({ runTool, folders }: Pick<LimitWatch, 'runTool' | 'folders'>, pids: readonly number[]) {
  if (pids.length === 0) return nothingHeld;
  const facts = await Promise.all(folders.map((folder) => lstat(folder)));
  const devices = new Set(facts.map(({ dev }) => dev));
  return await readHeldFiles(runTool, { pids, uid: facts[0]?.uid ?? 0, devices });
}

/** A segment is such a file too: its number is the file's. */
function sumMemory(files: HeldFiles['inMemory'], segments: Segments): number {
  const bytes = [...new Set([...files.keys(), ...segments.keys()])].map((key) =>
    Math.max(files.get(key) ?? 0, segments.get(key) ?? 0),
  );
  return bytes.reduce((total, one) => total + one, 0);
}

/** `check` returns how long to wait before it runs again. One that fails is tried again like any other. */
function repeat(signal: AbortSignal, firstPauseMs: number, check: () => Promise<number>): void {
  let timer: NodeJS.Timeout;
  const schedule = (pauseMs: number) => {
    timer = setTimeout(run, pauseMs).unref();
  };
  const run = async () => {
    const pauseMs = await check().catch(() => firstPauseMs);
    if (!signal.aborted) schedule(pauseMs);
  };
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  schedule(firstPauseMs);
}
