// Starts the server process itself. It lives on when the process that started it ends.
import { spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { socketName } from './server-folder.ts';

export const logName = 'redis.log';

/** Every acknowledged write is on disk before it is acknowledged; nothing is evicted; nothing listens on a network. */
const settings = [
  ['--port', '0'],
  ['--unixsocket', socketName],
  ['--unixsocketperm', '700'],
  ['--daemonize', 'no'],
  ['--appendonly', 'yes'],
  ['--appendfsync', 'always'],
  // A torn end is for our repair, which keeps a copy of it. Redis would cut it off without one.
  ['--aof-load-truncated', 'no'],
  ['--save', ''],
  ['--maxmemory-policy', 'noeviction'],
];

export interface ServerProcess {
  readonly pid: number | undefined;
  /** Resolves when it has ended: how, and the last lines that it logged. Never rejects. */
  readonly end: Promise<string>;
  kill(): void;
}

/** The new process keeps `lock` open, and with it the lock, for as long as it lives. */
export async function startServerProcess(server: string, folder: string, lock: FileHandle): Promise<ServerProcess> {
  const logPath = join(folder, logName);
  const log = await open(logPath, 'a', 0o600);
  const { size } = await log.stat();
  const child = spawn(server, settings.flat(), {
    cwd: folder,
    env: { LC_ALL: 'C' },
    detached: true,
    stdio: ['ignore', log.fd, log.fd, lock.fd],
  });
  child.unref();
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `exit code ${code}`));
  });
  await log.close();
  const end = ended.then(async (how) => {
    const lines = await readLastLines(logPath, size).catch(() => '');
    return lines === '' ? how : `${how}; it logged:\n${lines}`;
  });
  return { pid: child.pid, end, kill: () => void child.kill('SIGKILL') };
}

const shownLines = 8;
const maxTailBytes = 16 * 1024;

/** What was written to the log since it had `from` bytes, the last lines of it. */
async function readLastLines(logPath: string, from: number): Promise<string> {
  const log = await open(logPath, 'r');
  try {
    const { size } = await log.stat();
    const start = Math.max(from, size - maxTailBytes);
    const { buffer, bytesRead } = await log.read(Buffer.alloc(size - start), 0, size - start, start);
    const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n');
    return lines.slice(-shownLines).join('\n');
  } finally {
    await log.close();
  }
}
