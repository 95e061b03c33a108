// One server per folder, by a lock of the kernel: Redis itself does not lock its files. The lock belongs to an open
// file that the starter hands on to the server, so that it lasts exactly as long as the server and needs no clean-up.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ExternalError } from '../../engine/external-error.ts';

/** The exit code that flock is asked to use when somebody else holds the lock. */
const heldCode = 75;
/** Where a child finds the file that is passed to it after stdin, stdout and stderr. */
const childDescriptor = '3';

/** Returns the open file that holds the lock, or undefined while a server or another starter holds it. */
export async function tryLock(folder: string, flock: string): Promise<FileHandle | undefined> {
  const file = await open(join(folder, 'lock'), 'a', 0o600);
  const code = await runFlock(flock, file).catch((cause: unknown) => {
    throw lockError(`${flock} could not be run`, cause);
  });
  if (code === 0) return file;
  await file.close();
  if (code === heldCode) return undefined;
  throw lockError(`${flock} ended with ${code}`);
}

async function runFlock(flock: string, file: FileHandle): Promise<unknown> {
  const args = ['--nonblock', '--conflict-exit-code', String(heldCode), childDescriptor];
  const child: ChildProcess = spawn(flock, args, { env: {}, stdio: ['ignore', 'ignore', 'ignore', file.fd] });
  const [code] = await once(child, 'exit');
  return code;
}

function lockError(message: string, cause?: unknown): ExternalError {
  return new ExternalError({
    system: 'redis',
    message: `the Redis folder could not be locked: ${message}`,
    retry: 'never',
    cause,
  });
}
