// Agents, workflows and skills on this host: those of the product, beside this file, and those of the operator's folder.
// The product's are read once; the operator's each time, so that a change needs no restart.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { maxResourceChars, type ResourceFile, type ResourceSource } from '../core/resource/resource.ts';
import { ExternalError } from '../engine/external-error.ts';
import type { ResourcePort } from '../engine/port/resource.ts';

export const builtInFolder = join(import.meta.dirname, 'built-in');

export function createResources(operatorFolder: string | undefined): ResourcePort {
  let builtIn: Promise<readonly ResourceFile[]> | undefined;
  return {
    async read() {
      builtIn ??= readFolder('built-in', builtInFolder);
      const own = operatorFolder === undefined ? [] : await readOperatorFolder(operatorFolder);
      return [...own, ...(await builtIn)];
    },
  };
}

/** Those of a working copy; none where it has no such folder. */
export async function readRepositoryFolder(copy: string): Promise<readonly ResourceFile[]> {
  const folder = join(copy, '.gatepilot');
  const isThere = (await stat(folder).catch(() => undefined))?.isDirectory();
  return isThere ? await readFolder('repository', folder) : [];
}

async function readOperatorFolder(folder: string): Promise<readonly ResourceFile[]> {
  try {
    return await readFolder('operator', folder);
  } catch (error) {
    const message = `GATEPILOT_RESOURCES cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new ExternalError({ system: 'disk', message, retry: 'soon', cause: error });
  }
}

async function readFolder(source: ResourceSource, folder: string): Promise<readonly ResourceFile[]> {
  const paths = (await readdir(folder, { recursive: true })).map((path) => path.replaceAll('\\', '/')).sort();
  const wanted = paths.filter((path) => /^(?:agents|workflows|skills)\/[^/]+$/.test(path));
  const read = async (path: string): Promise<ResourceFile[]> => {
    const place = join(folder, path);
    const { size } = await stat(place).catch(() => ({ size: 0 }));
    // One that is too large is told as such, whatever stands in it.
    const text = size > 4 * maxResourceChars ? ' '.repeat(maxResourceChars + 1) : await readFile(place, 'utf8');
    return [{ source, path, text }];
  };
  return (await Promise.all(wanted.map(read))).flat();
}
