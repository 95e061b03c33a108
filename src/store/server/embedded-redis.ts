// A real Redis for one host, for whoever has none: started on demand, shared by the processes that name the same
// folder, and started again when it dies. Real deployments set REDIS_URL and never come here.
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExternalError } from '../../engine/external-error.ts';
import type { LogPort } from '../../engine/port/log.ts';
import { type EmbeddedRedisTools, ensureServing, type ServerPlace } from './ensure-serving.ts';
import { tryLock } from './folder-lock.ts';
import { readServerState, requestShutdown } from './read-server-state.ts';
import { decideSocketAddress, prepareLink } from './server-folder.ts';

export interface EmbeddedRedisOptions {
  readonly tools: EmbeddedRedisTools;
  /** Absolute. Holds data, log, lock and socket; made private to the current user. */
  readonly folder: string;
  readonly logger: LogPort;
  /** How long a silent server is waited for; time spent loading does not count. Default: a minute. */
  readonly timeoutMs?: number;
}

export interface EmbeddedRedis {
  /** For `new Redis(url)`: the socket's path. */
  readonly url: string;
  readonly socketPath: string;
  /** Of the server that serves now; another one after it was started again. */
  readonly pid: number;
  /**
   * Ends the server, for every process that uses it, when all it acknowledged is on disk. A process that still
   * supervises the folder starts it again; without a call the server outlives this process.
   */
  stop(): Promise<void>;
}

const defaultTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;
const restartPauseMs = 200;
const maxRestartPauseMs = 10_000;
const linkRefreshMs = 60 * 60_000;

/** Starts the server of the folder or attaches to it. Throws an ExternalError with the last lines of its log. */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const uid = process.getuid?.() ?? 0;
  const address = decideSocketAddress(options.folder, uid);
  const place: ServerPlace = { timeoutMs: defaultTimeoutMs, ...options, address, uid };
  let pid = await ensureServing(place);
  const supervision = supervise(place, (newPid) => {
    pid = newPid;
  });
  return {
    url: address.path,
    socketPath: address.path,
    get pid() {
      return pid;
    },
    async stop() {
      await supervision.end();
      await stopServer(place);
    },
  };
}

/** Brings the server back whenever it goes away. Keeps no process alive that has nothing else to do. */
function supervise(place: ServerPlace, onRestart: (pid: number) => void): { end(): Promise<void> } {
  const { address, folder, logger, uid } = place;
  const ending = new AbortController();
  let restarting: Promise<void> = Promise.resolve();
  let stopWatching = watch();

  function watch(): () => void {
    // An idle connection: the kernel closes it the moment the server is gone, whoever started it.
    const socket = connect(address.path).unref();
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (!ending.signal.aborted) restarting = restart();
    });
    return () => socket.destroy();
  }

  async function restart(): Promise<void> {
    for (let pauseMs = restartPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxRestartPauseMs)) {
      await sleep(pauseMs, undefined, { ref: false, signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted) return;
      try {
        const pid = await ensureServing(place);
        logger.warn({ folder, pid }, 'the embedded Redis was gone and serves again');
        onRestart(pid);
        if (!ending.signal.aborted) stopWatching = watch();
        return;
      } catch (error) {
        logger.error({ folder, reason: String(error) }, 'the embedded Redis is gone and could not be started again');
      }
    }
  }

  const { link } = address;
  const refresh =
    link === undefined
      ? undefined
      : setInterval(() => {
          prepareLink(link, folder, uid).catch((error: unknown) =>
            logger.error({ link, reason: String(error) }, 'a socket link was lost'),
          );
        }, linkRefreshMs).unref();

  return {
    async end() {
      ending.abort();
      clearInterval(refresh);
      stopWatching();
      await restarting;
    },
  };
}

/** Resolves when the server that serves now is gone; a free lock is the proof. */
async function stopServer(place: ServerPlace): Promise<void> {
  const { address, folder, tools } = place;
  const before = await readServerState(address.path);
  if (before.kind !== 'silent') await requestShutdown(address.path);
  const deadline = Date.now() + stopTimeoutMs;
  while (Date.now() < deadline) {
    const lock = await tryLock(folder, tools.flock);
    if (lock) {
      if (address.link !== undefined) await rm(address.link, { force: true });
      return lock.close();
    }
    const now = await readServerState(address.path);
    if (now.kind === 'serving' && before.kind === 'serving' && now.pid !== before.pid) return;
    await sleep(20);
  }
  throw new ExternalError({ system: 'redis', message: `the embedded Redis in ${folder} did not stop`, retry: 'soon' });
}
