// Layers as folders of this machine: <folder>/<repository>/<key>, each with the tree, its size and when it was used last.
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NetworkReport } from '../core/model/network-report.ts';
import { ExternalError } from '../engine/external-error.ts';
import type { ClockPort } from '../engine/port/clock.ts';
import type { Layer, LayerPort } from '../engine/port/layer.ts';
import type { LogPort } from '../engine/port/log.ts';
import type { RunProcess } from '../subprocess/run-process.ts';
import { createRunTool } from '../subprocess/run-tool.ts';
import { takeLock } from './lock.ts';

export interface LayerOptions {
  /** Created when it is missing. */
  readonly folder: string;
  /** Of all layers together; what is in use is kept beyond it. */
  readonly bytesAtMost: number;
  /** What containers are made of, where that is not this machine. */
  readonly image?: string | undefined;
  readonly clock: ClockPort;
  readonly log: LogPort;
  readonly runProcess: RunProcess;
  /** With folders that may not be changed, as Go keeps its modules. False when something is left. */
  readonly removeTree: (path: string) => Promise<boolean>;
}

/** Longer than any attempt with its verification: what was used since then may be in use. */
const inUseMs = 12 * 3_600_000;
const tree = 'tree';
const mark = 'used';
const network = 'network.json';

export function createLayers(options: LayerOptions): LayerPort {
  const { clock, log } = options;
  const runTool = createRunTool(options.runProcess);
  const shelfOf = (repository: string) => join(options.folder, encodeURIComponent(repository));

  const find = async (repository: string, key: string): Promise<Layer | undefined> => {
    const place = join(shelfOf(repository), key);
    const now = new Date(clock.now());
    try {
      await utimes(join(place, mark), now, now);
      return await readLayer(place, key);
    } catch {
      return undefined;
    }
  };

  return {
    find,
    readMachine: async () => JSON.stringify([...(await readHost()), options.image ?? 'none']),

    async build({ repository, key, signal }, make) {
      const shelf = shelfOf(repository);
      const place = join(shelf, key);
      await mkdir(shelf, { recursive: true, mode: 0o711 }).catch(failed);
      const lock = await takeLock(join(shelf, `${key}.lock`), clock, signal);
      if (!lock) return undefined;
      const draft = `${place}${draftMark}${randomUUID()}`;
      try {
        const known = await find(repository, key);
        if (known) return known;
        const folder = join(draft, tree);
        const workspace = join(draft, 'workspace');
        // Where Node looks it is a folder from the start, so that whoever fills it need not ask.
        await mkdir(join(folder, 'node_modules'), { recursive: true, mode: 0o755 }).catch(failed);
        const report = await make({ folder, workspace });
        if (report) await writeFile(join(draft, network), JSON.stringify(report)).catch(failed);
        await close({ draft, folder, workspace });
        await settle(draft, place);
        await prune(place).catch((error: unknown) => log.warn({ error: String(error) }, 'layers were not pruned'));
        return (await find(repository, key)) ?? failed('a layer that was just made is gone');
      } finally {
        await clear(draft).finally(() => lock.release());
      }
    },

    async removeAll(repository) {
      await rename(shelfOf(repository), join(options.folder, `${removedPrefix}${randomUUID()}`)).catch(unlessAbsent);
      const names = (await readdir(options.folder).catch(unlessAbsent)) ?? [];
      for (const name of names) if (name.startsWith(removedPrefix)) await clear(join(options.folder, name));
    },
  };

  async function clear(path: string): Promise<void> {
    if (!(await options.removeTree(path))) failed(`${path} could not be removed`);
  }

  /** From now on nobody writes it, and every sandbox's user may read it. */
  async function close({ draft, folder, workspace }: Draft): Promise<void> {
    await clear(workspace);
    // One that nothing came into says that there is something.
    await rmdir(join(folder, 'node_modules')).catch(() => undefined);
    await runTool('chmod', ['-R', 'u+rwX,go+rX,go-w,ug-s', '--', folder]).catch(failed);
    const size = Number.parseInt(await runTool('du', ['-skx', '--', folder]).catch(failed), 10) * 1024;
    await writeFile(join(draft, 'size'), String(size)).catch(failed);
    await writeFile(join(draft, mark), '').catch(failed);
    // Before the rename is: a machine that loses its power must not come back with a layer of empty files.
    await runTool('sync', ['-f', '--', draft]).catch(failed);
  }

  /** The least recently used first, until the rest has room; the one that was just made stays. */
  async function prune(newest: string): Promise<void> {
    const found = await listAll();
    let total = found.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { place, usedAt, bytes } of found.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= options.bytesAtMost || clock.now() - usedAt < inUseMs) break;
      if (place === newest) continue;
      if (!(await remove(place, usedAt))) continue;
      log.info({ place, bytes, usedAt }, 'a layer was removed to make room');
      total -= bytes;
    }
  }

  /** By another name first: nobody finds half of it. What somebody has begun to use meanwhile stays. */
  async function remove(place: string, usedAt: number): Promise<boolean> {
    const gone = `${place}${draftMark}${randomUUID()}`;
    if (!(await isRenamed(place, gone))) return false;
    const isUsed = (await readTime(join(gone, mark))) !== usedAt;
    if (isUsed && (await isRenamed(gone, place))) return false;
    await clear(gone);
    return true;
  }

  /** Of every repository; what a process left that died long ago goes. */
  async function listAll(): Promise<Kept[]> {
    const found: Kept[] = [];
    for (const shelf of await readdir(options.folder)) {
      for (const name of await readdir(join(options.folder, shelf)).catch(() => [])) {
        const place = join(options.folder, shelf, name);
        const usedAt = await readTime(join(place, mark));
        if (name.includes(draftMark)) await removeStale(place);
        else if (usedAt !== undefined) found.push({ place, usedAt, bytes: await readSize(place) });
      }
    }
    return found;
  }

  /** Only one that is older than any set-up may take: its maker may have lost its lock and still be at work. */
  async function removeStale(draft: string): Promise<void> {
    const changedAt = await readTime(draft);
    if (changedAt !== undefined && clock.now() - changedAt > inUseMs) await clear(draft);
  }
}

interface Draft {
  readonly draft: string;
  readonly folder: string;
  readonly workspace: string;
}

interface Kept {
  readonly place: string;
  readonly usedAt: number;
  readonly bytes: number;
}

const draftMark = '.draft-';
/** Out of sight in one step, so that nobody finds half of a layer; what is left of an earlier removal goes with the next. */
const removedPrefix = '.removed-';

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') failed(error);
}

/** One that is there already was made from the same by somebody who was given up for dead, and may be in use. */
async function settle(draft: string, place: string): Promise<void> {
  try {
    await rename(draft, place);
  } catch (error) {
    if ((await readTime(join(place, mark))) === undefined) failed(error);
  }
}

async function isRenamed(from: string, to: string): Promise<boolean> {
  return await rename(from, to).then(
    () => true,
    () => false,
  );
}

async function readTime(path: string): Promise<number | undefined> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

async function readLayer(place: string, key: string): Promise<Layer> {
  const folder = join(place, tree);
  const entries = await readdir(folder, { withFileTypes: true });
  const report = await readNetwork(place);
  const parts = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return { key, folder, parts, ...(report ? { network: report } : {}) };
}

/** Absent of what asked for nothing. */
async function readNetwork(place: string): Promise<NetworkReport | undefined> {
  const text = await readFile(join(place, network), 'utf8').catch(unlessAbsent);
  return text === undefined ? undefined : NetworkReport.parse(JSON.parse(text));
}

async function readSize(place: string): Promise<number> {
  return Number(await readFile(join(place, 'size'), 'utf8').catch(() => '0'));
}

/** What was installed or taken away changes these folders. */
async function readHost(): Promise<readonly unknown[]> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const folders = ['/usr/bin', '/usr/lib', '/usr/local/bin'];
  const times = await Promise.all(
    folders.map((folder) =>
      lstat(folder).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return [process.arch, process.version, release, times];
}

function failed(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : String(cause);
  throw new ExternalError({ system: 'disk', message, retry: 'soon', cause });
}
