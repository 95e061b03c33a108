// What every process in a sandbox can count on, whoever the worker is.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjects } from '../support/provided.ts';
import { openStarter, type Starter } from '../support/starter.ts';

describe.each(subjects)('a process in a sandbox of $title', (subject) => {
  let starter: Starter;
  beforeAll(async () => {
    starter = await openStarter(subject, { env: { WORKER_SECRET: 'of the worker' } });
  });
  afterAll(() => starter.close());

  it.each([0, 1, 3, 127, 255])('ends with exit code %i', async (code) => {
    const { end } = await starter.inside(['sh', '-c', 'exit "$1"', 'sh', String(code)]);
    expect(end).toEqual({ kind: 'exited', code });
  });

  it.each(['SIGTERM', 'SIGSEGV', 'SIGKILL'])('ends by %s', async (signal) => {
    const { end } = await starter.inside(['sh', '-c', `kill -${signal.slice(3)} $$`]);
    expect(end).toEqual({ kind: 'signalled', signal });
  });

  it('ends with 127 when there is no such program', async () => {
    const { end, stderr } = await starter.inside(['no-such-program']);
    expect(end).toEqual({ kind: 'exited', code: 127 });
    expect(stderr).toContain('no-such-program');
  });

  it('reads its input and writes to two streams', async () => {
    const { stdout, stderr } = await starter.inside(['sh', '-c', 'cat; echo complaint >&2'], { stdin: 'hello\n' });
    expect(stdout).toBe('hello\n');
    expect(stderr).toBe('complaint\n');
  });

  it('can open its output again by name', async () => {
    const script = 'echo one > /dev/stdout; echo two > /dev/stderr; echo three | tee /dev/stderr';
    const { stdout, stderr } = await starter.inside(['sh', '-c', script]);
    expect(stdout).toBe('one\nthree\n');
    expect(stderr).toBe('two\nthree\n');
  });

  it('passes bytes through unchanged', async () => {
    const script = 'process.stdout.write(Buffer.alloc(300000, "0123456789"))';
    const { stdout } = await starter.inside(['node', '-e', script]);
    expect(stdout).toBe('0123456789'.repeat(30_000));
  });

  it('has exactly the environment that was given', async () => {
    const env = { GIVEN: 'by the spec', BOTH: 'spec', LINES: 'one\ntwo' };
    const script = 'console.log(JSON.stringify(process.env))';
    const { stdout } = await starter.inside(['node', '-e', script], { env, spawnEnv: { BOTH: 'spawn' } });
    expect(JSON.parse(stdout)).toEqual({
      GIVEN: 'by the spec',
      BOTH: 'spawn',
      LINES: 'one\ntwo',
      PATH: '/run/gatepilot/node/bin:/usr/local/bin:/usr/bin:/bin',
      HOME: '/home/agent',
      LANG: 'C.UTF-8',
      TMPDIR: '/tmp',
      PWD: '/workspace',
    });
  });

  it("finds the worker's Node first", async () => {
    const { stdout } = await starter.inside(['sh', '-c', 'command -v node; node --version']);
    expect(stdout).toBe(`/run/gatepilot/node/bin/node\n${process.version}\n`);
  });

  it('starts in the folder that was asked for', async () => {
    const { stdout } = await starter.inside(['pwd'], { cwd: '/tmp' });
    expect(stdout).toBe('/tmp\n');
  });

  it('has a name, a home and a place for temporary files, which nobody else sees', async () => {
    const script = 'id -un; echo mine > ~/file; echo mine > /tmp/file; cat ~/file /tmp/file';
    const { stdout } = await starter.inside(['sh', '-c', script]);
    expect(stdout).toBe('agent\nmine\nmine\n');
    expect((await starter.inside(['sh', '-c', 'cat ~/file /tmp/file'])).end).toEqual({ kind: 'exited', code: 1 });
  });

  it('leaves what it writes into the workspace to the worker', async () => {
    const script =
      'echo kept > file; mkdir folder; echo deep > folder/file; chmod 600 folder/file; ln -s /etc/passwd link';
    await starter.inside(['sh', '-c', script]);
    expect(await readFile(join(starter.workspace, 'folder/file'), 'utf8')).toBe('deep\n');
    const owner = (await stat(starter.folder)).uid;
    expect((await stat(join(starter.workspace, 'folder/file'))).uid).toBe(owner);
    const { stdout } = await starter.inside(['cat', 'file', 'folder/file']);
    expect(stdout).toBe('kept\ndeep\n');
  });

  it('leaves no folder that the worker cannot remove', async () => {
    const script = 'mkdir -p closed/deep; touch closed/deep/file; chmod 0 closed/deep closed';
    expect((await starter.inside(['sh', '-c', script])).end).toEqual({ kind: 'exited', code: 0 });
    const { stderr } = await starter.outside(['rm', '-r', join(starter.workspace, 'closed')]);
    expect(stderr).toBe('');
  });

  it('cannot write into a read-only workspace', async () => {
    const { stdout, end } = await starter.inside(['sh', '-c', 'echo no > new || echo refused'], {
      access: 'read-only',
    });
    expect(stdout).toBe('refused\n');
    expect(end).toEqual({ kind: 'exited', code: 0 });
  });

  it('sees read-only mounts and cannot change them', async () => {
    const folder = await starter.makeFolder('library');
    await writeFile(join(folder, 'file'), 'from the host\n');
    const script = 'cat /opt/library/file; echo changed > /opt/library/file || echo refused';
    const { stdout } = await starter.inside(['sh', '-c', script], {
      readOnly: [{ source: folder, target: '/opt/library' }],
    });
    expect(stdout).toBe('from the host\nrefused\n');
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('from the host\n');
  });

  it('is no sandbox at all when its start fails', async () => {
    await expect(starter.inside(['true'], { cwd: '/nowhere' })).rejects.toThrow(/did not start.*nowhere/);
  });
});
