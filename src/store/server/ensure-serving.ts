// Makes sure that one server serves a folder, whoever of several processes starts it.
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExternalError } from '../../engine/external-error.ts';
import type { LogPort } from '../../engine/port/log.ts';
import { tryLock } from './folder-lock.ts';
import { readServerState } from './read-server-state.ts';
import { repairAppendOnlyFile } from './repair-append-only-file.ts';
import { prepareLink, prepareServerFolder, type SocketAddress } from './server-folder.ts';
import { logName, type ServerProcess, startServerProcess } from './server-process.ts';

export interface ServerPlace {
  readonly tools: EmbeddedRedisTools;
  readonly folder: string;
  readonly address: SocketAddress;
  readonly uid: number;
  readonly logger: LogPort;
  readonly timeoutMs: number;
}

/** Absolute paths of programs that are known to run. */
export interface EmbeddedRedisTools {
  /** redis-server or valkey-server, 6.2 or newer. */
  readonly server: string;
  /** redis-check-aof or valkey-check-aof of the same build. */
  readonly checkAof: string;
  /** From util-linux. */
  readonly flock: string;
}

const pollMs = 20;

/** Resolves with the process id of the server that answers on the place's socket; throws an ExternalError. */
export async function ensureServing(place: ServerPlace): Promise<number> {
  const { folder, address, uid, tools } = place;
  await prepareServerFolder(folder, uid);
  if (address.link !== undefined) await prepareLink(address.link, folder, uid);
  let deadline = Date.now() + place.timeoutMs;
  while (true) {
    const state = await readServerState(address.path);
    if (state.kind === 'serving') return state.pid;
    // Reading a large file takes as long as it takes.
    if (state.kind === 'loading') deadline = Date.now() + place.timeoutMs;
    const lock = state.kind === 'silent' ? await tryLock(folder, tools.flock) : undefined;
    if (lock) return await launch(place, lock).finally(() => lock.close());
    if (Date.now() > deadline) {
      const why = state.kind === 'silent' ? state.why : 'it is loading';
      const what = `a server or another starter holds the lock of ${folder}, and nothing answers on ${address.path}`;
      throw startError(`${what}: ${why}`, 'soon');
    }
    await sleep(pollMs);
  }
}

/** Called with the lock, so no server is alive on the folder. A torn file is repaired once. */
async function launch(place: ServerPlace, lock: FileHandle): Promise<number> {
  const { folder, tools, logger } = place;
  const outcome = await startAndWait(place, lock);
  if (typeof outcome === 'number') return outcome;
  const repair = await repairAppendOnlyFile(folder, tools.checkAof).catch((cause: unknown) => {
    throw cause instanceof ExternalError
      ? cause
      : startError(`its data could not be checked: ${cause}`, 'never', cause);
  });
  if (!repair) throw startError(`${outcome}\n(log: ${join(folder, logName)})`, 'never');
  logger.warn({ folder, ...repair }, 'the append-only file of the embedded Redis had a torn end: copied and repaired');
  const second = await startAndWait(place, lock);
  if (typeof second === 'number') return second;
  throw startError(`${second}\n(after a repair; the data before it: ${repair.backupPath})`, 'never');
}

/** The process id when it serves, else how it ended. */
async function startAndWait(place: ServerPlace, lock: FileHandle): Promise<number | string> {
  const { folder, tools, logger } = place;
  const server = await startServerProcess(tools.server, folder, lock).catch((cause: unknown) => {
    throw startError(`its log in ${folder} could not be written: ${cause}`, 'never', cause);
  });
  const outcome = await waitUntilServing(place, server);
  if (typeof outcome === 'number') logger.info({ folder, pid: outcome }, 'the embedded Redis serves');
  return outcome;
}

async function waitUntilServing(place: ServerPlace, server: ServerProcess): Promise<number | string> {
  let deadline = Date.now() + place.timeoutMs;
  while (Date.now() < deadline) {
    const ended = await Promise.race([server.end, sleep(pollMs, undefined)]);
    if (ended !== undefined) return ended;
    const state = await readServerState(place.address.path);
    if (state.kind === 'serving') return state.pid;
    if (state.kind === 'loading') deadline = Date.now() + place.timeoutMs;
  }
  server.kill();
  return `it did not answer within ${place.timeoutMs} ms and was ended (${await server.end})`;
}

function startError(why: string, retry: 'soon' | 'never', cause?: unknown): ExternalError {
  return new ExternalError({ system: 'redis', message: `the embedded Redis did not start: ${why}`, retry, cause });
}
