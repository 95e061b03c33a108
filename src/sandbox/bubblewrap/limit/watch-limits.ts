// Looks after the limits that no process can be stopped at: memory (where the kernel killed one process of a tree, or
// where nobody else counts) and the size of the workspace.
import { type RunTool, ToolFailed } from '../../../subprocess/run-tool.ts';
import type { LimitGroup } from './limit-level.ts';

/** Measuring a workspace may take a fiftieth of the time at most. */
const diskRestFactor = 50;
const diskPauseMs = 1_000;

export interface LimitWatch {
  readonly group: LimitGroup;
  readonly runTool: RunTool;
  readonly memoryPollMs: number;
  readonly folders: readonly string[];
  readonly diskBytes: number;
  /** Nothing runs, so nothing can grow. */
  readonly isIdle: () => boolean;
  /** How often the memory limit was reached so far; whom that concerns depends on when they started. */
  readonly onMemoryBreaches: (count: number) => void;
  readonly onDiskFull: () => void;
}

/** Returns the function that ends the watch. */
export function watchLimits(watch: LimitWatch): () => void {
  const stopping = new AbortController();
  repeat(stopping.signal, watch.memoryPollMs, async () => {
    if (!watch.isIdle()) watch.onMemoryBreaches(await watch.group.countMemoryBreaches());
    return watch.memoryPollMs;
  });
  repeat(stopping.signal, diskPauseMs, async () => {
    const startedAt = performance.now();
    if (watch.isIdle()) return diskPauseMs;
    if ((await measureFolders(watch.runTool, watch.folders)) > watch.diskBytes) watch.onDiskFull();
    return Math.max(diskPauseMs, (performance.now() - startedAt) * diskRestFactor);
  });
  return () => stopping.abort();
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

/** Bytes on disk, without following links or leaving the file system. */
async function measureFolders(runTool: RunTool, paths: readonly string[]): Promise<number> {
  // Files that vanish meanwhile, and folders that may not be read, make it fail after it printed the rest.
  const stdout = await runTool('du', ['-skxc', ...paths]).catch((error: unknown) =>
    error instanceof ToolFailed ? error.stdout : '0',
  );
  // The last line is the sum.
  return Number.parseInt(stdout.trim().split('\n').at(-1) || '0', 10) * 1024;
}
