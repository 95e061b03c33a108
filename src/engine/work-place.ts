// Disposable folders of one host: one per action and holder, so that a holder that was replaced cannot touch what its
// successor works in. Nothing in them is ever needed again.
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from './remove-tree.ts';

export interface WorkPlace {
  readonly folder: string;
  /** Never fails: what cannot be removed now is removed when it is stale. */
  dispose(): Promise<void>;
}

export async function openWorkPlace(root: string, name: string): Promise<WorkPlace> {
  const folder = join(root, name.replace(/[^\w-]/g, '_').slice(-120));
  await mkdir(folder, { recursive: true, mode: 0o711 });
  await chmod(folder, 0o711);
  return { folder, dispose: async () => void (await removeTree(folder)) };
}
