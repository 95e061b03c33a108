// Layers as folders of this machine: <folder>/<repository>/<key>, each with the tree, its size and when it was used last.
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExternalError } from '../engine/external-error.ts';
import type { ClockPort } from '../engine/port/clock.ts';
import type { Layer, LayerPort } from '../engine/port/layer.ts';
import type { RunProcess } from '../subprocess/run-process.ts';
import { createRunTool, type RunTool } from '../subprocess/run-tool.ts';
import { takeLock } from './lock.ts';

export interface LayerOptions {
  /** Created when it is missing. */
  readonly folder: string;
  /** Of all layers together; what is in use is kept beyond it. */
  readonly bytesAtMost: number;
  readonly clock: ClockPort;
  readonly runProcess: RunProcess;
}

/** Longer than any attempt with its verification: what was used since then may be in use. */
const inUseMs = 12 * 3_600_000;
const tree = 'tree';
const mark = 'used';

export function createLayers(options: LayerOptions): LayerPort {
  const { clock } = options;
  const runTool = createRunTool(options.runProcess);
  const shelfOf = (repository: string) => join(options.folder, encodeURIComponent(repository));

  const find = async (repository: string, key: string): Promise<Layer | undefined> => {
    const place = join(shelfOf(repository), key);
    const now = new Date(clock.now());
    try {
      await utimes(join(place, mark), now, now);
    } catch {
      return undefined;
    }
    return await readLayer(place, key);
  };

  return {
    find,
    readMachine,

    async build({ repository, key, signal }, make) {
      const shelf = shelfOf(repository);
      await mkdir(shelf, { recursive: true, mode: 0o711 });
      const lock = await takeLock(join(shelf, `${key}.lock`), clock, signal);
      if (!lock) return undefined;
      const draft = join(shelf, `${key}.draft-${randomUUID()}`);
      try {
        const known = await find(repository, key);
        if (known) return known;
        const folder = join(draft, tree);
        const workspace = join(draft, 'workspace');
        // Where Node looks it is a folder from the start, so that whoever fills it need not ask.
        await mkdir(join(folder, 'node_modules'), { recursive: true, mode: 0o755 });
        await make({ folder, workspace });
        // One that nothing came into says that there is something.
        await rmdir(join(folder, 'node_modules')).catch(() => undefined);
        await close(runTool, { draft, folder, workspace });
        await rename(draft, join(shelf, key));
        await prune(options, join(shelf, key));
        return await find(repository, key);
      } finally {
        await removeTree(runTool, draft);
        await lock.release();
      }
    },

    async removeAll(repository) {
      await removeTree(runTool, shelfOf(repository));
    },
  };

  /** From now on nobody writes it, and every sandbox's user may read it. */
  async function close(
    tool: RunTool,
    { draft, folder, workspace }: { draft: string; folder: string; workspace: string },
  ): Promise<void> {
    await removeTree(tool, workspace);
    await tool('chmod', ['-R', 'u+rwX,go+rX,go-w,ug-s', '--', folder]).catch(failed);
    const size = Number.parseInt(await tool('du', ['-skx', '--', folder]).catch(failed), 10) * 1024;
    await writeFile(join(draft, 'size'), String(size));
    await writeFile(join(draft, mark), '');
  }

  /** The least recently used first, until the rest has room; the one that was just made stays. */
  async function prune({ folder, bytesAtMost }: LayerOptions, newest: string): Promise<void> {
    const found: { place: string; usedAt: number; bytes: number }[] = [];
    for (const shelf of await readdir(folder)) {
      for (const name of await readdir(join(folder, shelf)).catch(() => [])) {
        const place = join(folder, shelf, name);
        const usedAt = await stat(join(place, mark)).then(
          ({ mtimeMs }) => mtimeMs,
          () => undefined,
        );
        if (usedAt !== undefined) found.push({ place, usedAt, bytes: await readSize(place) });
        else if (name.includes('.draft-')) await removeStale(place);
      }
    }
    let total = found.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { place, usedAt, bytes } of found.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= bytesAtMost || place === newest || clock.now() - usedAt < inUseMs) break;
      // By another name first: nobody finds half of it.
      const gone = `${place}.draft-${randomUUID()}`;
      await rename(place, gone);
      await removeTree(runTool, gone);
      total -= bytes;
    }
  }

  async function removeStale(draft: string): Promise<void> {
    const facts = await stat(draft).catch(() => undefined);
    if (facts && clock.now() - facts.mtimeMs > inUseMs) await removeTree(runTool, draft);
  }
}

async function readLayer(place: string, key: string): Promise<Layer> {
  const folder = join(place, tree);
  const entries = await readdir(folder, { withFileTypes: true });
  return { key, folder, parts: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name) };
}

async function readSize(place: string): Promise<number> {
  return Number(await readFile(join(place, 'size'), 'utf8').catch(() => '0'));
}

/** What was installed or taken away changes these folders. */
async function readMachine(): Promise<string> {
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
  return JSON.stringify([process.arch, process.version, release, times]);
}

async function removeTree(runTool: RunTool, path: string): Promise<void> {
  // As Go keeps its modules, folders may not be changed.
  await runTool('chmod', ['-R', 'u+rwX', '--', path]).catch(() => undefined);
  await runTool('rm', ['-rf', '--', path]).catch(failed);
}

function failed(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : String(cause);
  throw new ExternalError({ system: 'disk', message, retry: 'soon', cause });
}
