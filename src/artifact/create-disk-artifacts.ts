// Artifacts on the local disk: one folder per repository, one file per content, named by its SHA-256, written whole or
// not at all.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactPort } from '../engine/port/artifact.ts';

const removedPrefix = '.removed-';

export function createDiskArtifacts(options: { folder: string; redact: (text: string) => string }): ArtifactPort {
  const { folder, redact } = options;
  /** Readable, unique, and without any separator, whatever stands in the key. */
  const shelfOf = (repository: string) => join(folder, `r-${encodeURIComponent(repository)}`);
  const put = async (repository: string, content: Uint8Array) => {
    const id = hash(content);
    const place = join(shelfOf(repository), id.slice(0, 2));
    await mkdir(place, { recursive: true, mode: 0o700 });
    const partial = join(place, `.${randomUUID()}`);
    await writeDurably(partial, content);
    await rename(partial, join(place, id));
    await syncFolder(place);
    return id;
  };
  return {
    put,
    putText: (repository, text) => put(repository, Buffer.from(redact(text), 'utf8')),

    async read(repository, id) {
      if (!isId(id)) return undefined;
      const content = await readFile(join(shelfOf(repository), id.slice(0, 2), id)).catch(unlessAbsent);
      if (content && hash(content) !== id) throw new Error(`the artifact ${id} does not match its name`);
      return content;
    },

    async remove(repository, id) {
      if (isId(id)) await rm(join(shelfOf(repository), id.slice(0, 2), id), { force: true });
    },

    async removeAll(repository) {
      // Out of sight in one step; what a process that died left of an earlier removal goes with it.
      await rename(shelfOf(repository), join(folder, `${removedPrefix}${randomUUID()}`)).catch(unlessAbsent);
      const names = (await readdir(folder).catch(unlessAbsent)) ?? [];
      for (const name of names.filter((each) => each.startsWith(removedPrefix)))
        await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function isId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** A record names the artifact as soon as this is over, and records survive a power cut. */
async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function hash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
