// Artifacts on the local disk: one file per content, named by its SHA-256, written whole or not at all.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactPort } from '../engine/port/artifact.ts';

export function createDiskArtifacts(options: { folder: string; redact: (text: string) => string }): ArtifactPort {
  const { folder, redact } = options;
  const put = async (content: Uint8Array) => {
    const id = createHash('sha256').update(content).digest('hex');
    const place = join(folder, id.slice(0, 2));
    await mkdir(place, { recursive: true, mode: 0o700 });
    const partial = join(place, `.${randomUUID()}`);
    await writeFile(partial, content, { mode: 0o600 });
    await rename(partial, join(place, id));
    return id;
  };
  return {
    put,
    putText: (text) => put(Buffer.from(redact(text), 'utf8')),

    async read(id) {
      if (!/^[0-9a-f]{64}$/.test(id)) return undefined;
      const content = await readFile(join(folder, id.slice(0, 2), id)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (content && createHash('sha256').update(content).digest('hex') !== id) {
        throw new Error(`the artifact ${id} does not match its name`);
      }
      return content;
    },
  };
}
