// What every operation of this folder works with: the runner, the locked runner, and folders of our own.
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LogPort } from '../engine/port/log.ts';
import { type RunProcess, runProcess as runHere } from '../subprocess/run-process.ts';
import { createWriteMirror, type WriteMirror } from './mirror-lock.ts';
import { createRunGit, type RunGit } from './run-git.ts';

export interface GitContext {
  readonly folder: string;
  readonly run: RunGit;
  /** Runs a call that writes to a mirror when no other one does, in this process or another. */
  readonly write: WriteMirror;
  /** Gives `work` an empty folder that is gone when it ends. */
  withScratch<Result>(work: (folder: string) => Promise<Result>): Promise<Result>;
}

export interface GitOptions {
  /** Mirrors and scratch folders live below it; nobody but this user may enter it. */
  readonly folder: string;
  /** The git to run; by default the one on the standard path. */
  readonly gitPath?: string | undefined;
  /** Of util-linux; it lets one process at a time write to a mirror. */
  readonly flockPath?: string | undefined;
  /** Variables that say how GitHub is reached: proxies, and whom to trust. */
  readonly wayOut?: Readonly<Record<string, string>> | undefined;
  readonly logger?: LogPort | undefined;
  /** By default programs are children of this process. */
  readonly runProcess?: RunProcess | undefined;
}

const staleScratchMs = 24 * 3_600_000;

/** Prepares the folders and removes what a crash left in them. */
export async function openContext(options: GitOptions): Promise<GitContext> {
  const folder = resolve(options.folder);
  const home = join(folder, 'home');
  const scratch = join(folder, 'scratch');
  for (const path of [folder, home, scratch]) await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await removeStale(scratch);
  const { gitPath = 'git', flockPath = 'flock', wayOut, logger, runProcess = runHere } = options;
  const run = createRunGit({ gitPath, flockPath, home, wayOut, logger, runProcess });
  return {
    folder,
    run,
    write: createWriteMirror({ run, flockPath, logger }),
    withScratch: async (work) => {
      const made = await mkdtemp(join(scratch, 'work-'));
      try {
        return await work(made);
      } finally {
        await rm(made, { recursive: true, force: true });
      }
    },
  };
}

/** Other processes share the folder: only what no live call can still use goes. */
async function removeStale(scratch: string): Promise<void> {
  for (const name of await readdir(scratch)) {
    const path = join(scratch, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > staleScratchMs) await rm(path, { recursive: true, force: true });
  }
}
