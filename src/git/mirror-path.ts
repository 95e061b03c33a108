import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RepositoryRef } from '../engine/port/git.ts';

/** Where one repository's mirror is, and the file whose kernel lock its writers hold. */
export interface Mirror {
  readonly path: string;
  readonly lock: string;
}

/** Readable for people, unique by the hash, and safe whatever stands in the key. */
export function mirrorPath(folder: string, repository: Pick<RepositoryRef, 'key'>): Mirror {
  const readable = repository.key.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 60);
  const hash = createHash('sha256').update(repository.key).digest('hex').slice(0, 16);
  const path = join(folder, 'mirror', `${readable}-${hash}`);
  return { path: `${path}.git`, lock: `${path}.lock` };
}
