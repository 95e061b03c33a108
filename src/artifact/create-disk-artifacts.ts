// Artifacts on the local disk: one folder per repository, one file per content, named by its SHA-256, written whole or
// not at all.
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactPort } from '../engine/port/artifact.ts';
import { shelfOf } from './shelf-of.ts';
import { writeWhole } from './write-whole.ts';

const removedPrefix = '.removed-';

export function createDiskArtifacts(options: {
  folder: string;
  redact: (text: string) => string | Promise<string>;
}): ArtifactPort {
  const { folder, redact } = options;
  const put = async (repository: string, content: Uint8Array) => {
    const id = hash(content);
    const place = join(shelfOf(folder, repository), id.slice(0, 2));
    await writeWhole(place, id, content);
    return id;
  };
  return {
    put,
    putText: async (repository, text) => await put(repository, Buffer.from(await redact(text), 'utf8')),

    async read(repository, id) {
      if (!isId(id)) return undefined;
      const content = await readFile(join(shelfOf(folder, repository), id.slice(0, 2), id)).catch(unlessAbsent);
      if (content && hash(content) !== id) throw new Error(`the artifact ${id} does not match its name`);
      return content;
    },

    async remove(repository, id) {
      if (isId(id)) await rm(join(shelfOf(folder, repository), id.slice(0, 2), id), { force: true });
    },

    async removeAll(repository) {
      // Out of sight in one step; what a process that died left of an earlier removal goes with it.
      await rename(shelfOf(folder, repository), join(folder, `${removedPrefix}${randomUUID()}`)).catch(unlessAbsent);
      const names = (await readdir(folder).catch(unlessAbsent)) ?? [];
      for (const name of names.filter((each) => each.startsWith(removedPrefix)))
        await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function isId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

function hash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
