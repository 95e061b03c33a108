// An engine that takes no folder for a root gets the same as an image, made here: nothing is ever fetched.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SandboxRefused } from '../../engine/port/sandbox.ts';
import type { RunTool } from '../../subprocess/run-tool.ts';
import { callEngine, type EngineClient } from './engine-client.ts';
import { explainEngine } from './explain-engine.ts';
import { nameOwned } from './owner.ts';
import { type Link, makeRootFolder } from './root-folder.ts';

/** Returns the name of the image. The engine itself makes the places for what one sandbox alone has. */
export async function importRoot(
  client: EngineClient,
  root: { readonly links: readonly Link[]; readonly folders: string; readonly runTool: RunTool },
): Promise<string> {
  const { links, folders, runTool } = root;
  const tag = createHash('sha256').update(JSON.stringify(links)).digest('hex').slice(0, 12);
  const name = `gatepilot-root:${tag}`;
  if ((await callEngine(client, ['image', 'inspect', name])).isDone) return name;
  const own = join(folders, nameOwned());
  try {
    await makeRootFolder(join(own, 'root'), { mounts: [], links, owner: undefined });
    const archive = join(own, 'root.tar');
    await runTool('tar', ['--owner=0', '--group=0', '-C', join(own, 'root'), '-cf', archive, '.']);
    const { isDone, said } = await callEngine(client, ['import', archive, name]);
    if (!isDone) throw new SandboxRefused('oci', explainEngine(client.engine.name, said));
    return name;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
