// What was prepared for a sandbox: where it is seen, that nobody but its maker changes it, and that its maker cannot have
// anything else of the host mounted in its place.
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { createBubblewrapProvider } from '../../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { makeSpec, mebibyte } from '../support/spec.ts';
import { readTools } from '../support/tools.ts';

describe.each(['container', 'none'] as const)('dependencies, with isolation %s', (isolation) => {
  let folder: string;
  let workspace: string;
  let deps: string;
  let provider: SandboxProvider;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dependencies-'));
    await chmod(folder, 0o755);
    workspace = join(folder, 'workspace');
    deps = join(folder, 'deps');
    for (const path of [workspace, deps, join(deps, 'node_modules'), join(deps, 'bin')]) await mkdir(path);
    await writeFile(join(deps, 'node_modules', 'one.js'), 'module.exports = "from the layer"\n');
    await writeFile(join(deps, 'bin', 'greet'), '#!/bin/sh\necho hello\n', { mode: 0o755 });
    const tools = await readTools();
    const stateFolder = join(folder, 'state');
    provider = await createBubblewrapProvider({ tools, stateFolder, nodePath: process.execPath, isolation });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const open = (access: 'read-write' | 'read-only', path = deps) =>
    provider.create({ ...makeSpec(workspace, {}), dependencies: { path, access } });
  const sh = async (sandbox: Sandbox, script: string) => {
    const child = sandbox.spawn(['sh', '-c', `${script} 2>&1`]);
    child.stdin.end();
    const [stdout] = await Promise.all([text(child.stdout), child.end]);
    return stdout.trim();
  };

  it('are found by Node and by the shell, and changed by nobody', async () => {
    const sandbox = await open('read-only');
    try {
      expect(await sh(sandbox, 'node -p "require(\'one.js\')"; greet')).toBe('from the layer\nhello');
      for (const path of ['/deps/node_modules/one.js', '/node_modules/one.js', '/deps/new', '/node_modules/new'])
        expect(await sh(sandbox, `(echo x > ${path})`)).toContain('Read-only file system');
      expect(await sh(sandbox, 'rm -f /deps/bin/greet; mv /deps/bin /deps/moved')).toContain('Read-only file system');
    } finally {
      await sandbox.dispose();
    }
    expect(await readFile(join(deps, 'node_modules', 'one.js'), 'utf8')).toContain('from the layer');
  });

  it('of whoever makes them are written, and are the worker’s own again afterwards', async () => {
    const made = join(folder, 'made');
    await mkdir(join(made, 'node_modules'), { recursive: true });
    const sandbox = await open('read-write', made);
    expect(await sh(sandbox, 'echo x > /deps/node_modules/two.js && echo done')).toBe('done');
    await sandbox.dispose();
    expect((await stat(join(made, 'node_modules', 'two.js'))).uid).toBe(process.getuid?.());
  });

  it('cannot be led astray by a link that their maker leaves for the next process', async () => {
    const made = join(folder, 'astray');
    await mkdir(join(made, 'node_modules'), { recursive: true });
    const ofTheHost = join(folder, 'of-the-host');
    await mkdir(ofTheHost);
    await chmod(ofTheHost, 0o777);
    await writeFile(join(ofTheHost, 'secret'), 'of the worker');
    const sandbox = await open('read-write', made);
    await sh(sandbox, `rm -r /deps/node_modules; ln -s ${ofTheHost} /deps/node_modules`);
    expect(await sh(sandbox, 'cat /node_modules/secret; echo x > /node_modules/planted')).not.toContain(
      'of the worker',
    );
    await sandbox.dispose();
    await expect(stat(join(ofTheHost, 'planted'))).rejects.toThrow('ENOENT');
    // Nor for whoever uses them later.
    const user = await open('read-only', made);
    expect(await sh(user, 'cat /node_modules/secret')).not.toContain('of the worker');
    await user.dispose();
  });

  it('count as workspace where they are written', async () => {
    const made = join(folder, 'large');
    await mkdir(made);
    const { limits } = makeSpec(workspace, {});
    const sandbox = await provider.create({
      ...makeSpec(workspace, {}),
      dependencies: { path: made, access: 'read-write' },
      limits: { ...limits, diskBytes: 20 * mebibyte },
    });
    const child = sandbox.spawn([
      'sh',
      '-c',
      'for n in 1 2 3 4; do head -c 15000000 /dev/zero > /deps/$n; done; sleep 60',
    ]);
    child.stdin.end();
    expect(await child.end).toEqual({ kind: 'killed', reason: 'disk' });
    await sandbox.dispose();
  });
});
