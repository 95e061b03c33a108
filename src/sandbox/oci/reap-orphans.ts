// Containers outlive whoever started them. Those of a worker that was killed end by themselves when nobody holds their leash;
// what is left of them, and those that were stopped on the way, are removed by the next worker.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { callEngine, type EngineClient } from './engine-client.ts';
import { isAbandoned } from './owner.ts';
import { label } from './render-run.ts';

/** `folders`: where sandboxes have a folder each. Returns how many containers were removed. */
export async function reapOrphans(client: EngineClient, folders: string): Promise<number> {
  const { isDone, said } = await callEngine(client, [
    'ps',
    '--all',
    '--filter',
    `label=${label}`,
    '--format',
    '{{.Names}}',
  ]);
  const orphans = isDone ? said.split('\n').filter(isAbandoned) : [];
  if (orphans.length > 0) await callEngine(client, ['rm', '--force', ...orphans]);
  const names = await readdir(folders).catch(() => []);
  const left = names.filter(isAbandoned);
  await Promise.all(left.map((name) => rm(join(folders, name), { recursive: true, force: true })));
  return orphans.length;
}
