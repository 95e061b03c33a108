// Programs may be anywhere on the host: unpacked in a cache folder, or brought by a package.
import { chmod, copyFile, link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBubblewrapProvider } from '../../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { makeSpec } from '../support/spec.ts';
import { readTools } from '../support/tools.ts';

const tools = await readTools();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-tools-'));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'workspace'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(options: { tools: typeof tools; nodePath: string }, argv: readonly string[]): Promise<string> {
  const provider = await createBubblewrapProvider({ ...options, stateFolder: join(folder, 'state') });
  const sandbox = await provider.create(makeSpec(join(folder, 'workspace')));
  try {
    return await text(sandbox.spawn(argv).stdout);
  } finally {
    await sandbox.dispose();
  }
}

describe('programs of a sandbox', () => {
  it.each([0o755, 0o700])('may lie in a cache folder with mode %o', async (mode) => {
    const cache = join(folder, 'cache');
    await mkdir(cache);
    const copy = async (path: string) => {
      await copyFile(path, join(cache, basename(path)));
      return join(cache, basename(path));
    };
    const copies = { bwrap: await copy(tools.bwrap), tini: await copy(tools.tini), prlimit: await copy(tools.prlimit) };
    await chmod(cache, mode);
    const first = await run({ tools: copies, nodePath: process.execPath }, ['cat', '/proc/1/cmdline']);
    expect(first).toMatch(/^\/run\/gatepilot\/tool\/tini\0/);
  });

  it("include npm where it came with the worker's Node", async () => {
    const bin = join(folder, 'node/bin');
    const npm = join(folder, 'node/lib/node_modules/npm/bin');
    for (const path of [bin, npm]) await mkdir(path, { recursive: true });
    const node = join(bin, 'node');
    await link(process.execPath, node).catch(() => copyFile(process.execPath, node));
    await writeFile(join(npm, 'npm-cli.js'), '#!/usr/bin/env node\nconsole.log("npm on", process.version);');
    await chmod(join(npm, 'npm-cli.js'), 0o755);
    expect(await run({ tools, nodePath: node }, ['npm'])).toBe(`npm on ${process.version}\n`);
  });
});
