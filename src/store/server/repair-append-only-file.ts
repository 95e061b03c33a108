// A power cut can leave a half-written command at the end of the append-only file, and Redis then refuses to start.
// The whole file is copied first, then its torn end is cut off by Redis' own program. What is damaged in another way is
// left as it is: cutting would lose acknowledged work, and that is a person's choice. To be called under the lock.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { cp, mkdir, open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ExternalError } from '../../engine/external-error.ts';
import { isTornEnd } from './torn-end.ts';

export interface Repair {
  /** Holds what was there before. */
  readonly backupPath: string;
  readonly removedBytes: number;
}

/** One folder with a manifest since Redis 7, one file before. */
const layouts = [
  { name: 'appendonlydir', check: 'appendonlydir/appendonly.aof.manifest' },
  { name: 'appendonly.aof', check: 'appendonly.aof' },
];

/** Returns undefined when there is no file or nothing is wrong with it; throws when a torn end is not what is wrong. */
export async function repairAppendOnlyFile(folder: string, checkAof: string): Promise<Repair | undefined> {
  const layout = await findLayout(folder);
  if (!layout) return undefined;
  const verdict = await runCheck(checkAof, [layout.check], folder);
  if (verdict.isValid) return undefined;
  const command = `cd ${folder} && ${checkAof} --fix ${layout.check}`;
  if (!(await hasTornEnd(verdict.output, join(folder, layout.name)))) {
    throw damageError(
      `is damaged, and not by a torn write. To accept losing work, copy it and run "${command}"`,
      verdict,
    );
  }
  const backupPath = join(folder, `backup-${new Date().toISOString().replaceAll(':', '-')}`);
  const before = await readSize(join(folder, layout.name));
  await mkdir(backupPath, { mode: 0o700 });
  await cp(join(folder, layout.name), join(backupPath, layout.name), {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    preserveTimestamps: true,
  });
  const fixed = await runCheck(checkAof, ['--fix', layout.check], folder);
  if (!fixed.isValid) throw damageError(`could not be repaired by "${command}" (a copy is in ${backupPath})`, fixed);
  return { backupPath, removedBytes: before - (await readSize(join(folder, layout.name))) };
}

interface CheckVerdict {
  readonly isValid: boolean;
  readonly output: string;
}

/** More than any write that can be in flight; a bad place so far from the end is no torn write. */
const maxTailBytes = 64 * 1024 * 1024;

/** The check names the last file that it read and how far that is good. */
async function hasTornEnd(output: string, path: string): Promise<boolean> {
  const match = [...output.matchAll(/analyzed: (?:filename=(\S+), )?size=(\d+), ok_up_to=(\d+)/g)].at(-1);
  const [name = '', size, good] = [match?.[1], Number(match?.[2]), Number(match?.[3])];
  if (!(size > good) || size - good > maxTailBytes || name.endsWith('.manifest')) return false;
  const file = await open((await stat(path)).isDirectory() ? join(path, basename(name)) : path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - good), 0, size - good, good);
    return isTornEnd(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function damageError(what: string, verdict: CheckVerdict): ExternalError {
  const lines = verdict.output.split('\n').slice(-4).join('\n');
  return new ExternalError({
    system: 'redis',
    message: `the append-only file of the embedded Redis ${what}:\n${lines}`,
    retry: 'never',
  });
}

async function findLayout(folder: string): Promise<(typeof layouts)[number] | undefined> {
  for (const layout of layouts) {
    if (await stat(join(folder, layout.check)).catch(() => undefined)) return layout;
  }
  return undefined;
}

function runCheck(checkAof: string, args: string[], cwd: string): Promise<CheckVerdict> {
  return new Promise((resolve, reject) => {
    const child = execFile(checkAof, args, { cwd, env: { LC_ALL: 'C' } }, (error, stdout, stderr) => {
      // It ran and found fault: an exit code. It did not run: a system error.
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ isValid: !error, output: `${stdout}${stderr}`.trim() });
    });
    child.stdin?.on('error', () => undefined);
    // Its only question is whether to cut.
    child.stdin?.end('y\n');
  });
}

async function readSize(path: string): Promise<number> {
  const state = await stat(path);
  if (!state.isDirectory()) return state.size;
  const sizes = await Promise.all((await readdir(path)).map(async (name) => (await stat(join(path, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
