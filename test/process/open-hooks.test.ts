// Programs of the operator: what they are told, how they say no, and that none is missed in silence.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHooks } from '../../src/process/open-hooks.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gp-hooks-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, script: string, mode = 0o700): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), mode);
}

const open = () => openHooks({ folder, environment: { PATH: '/usr/bin:/bin' } });

describe('a program of the operator', () => {
  it('is told which moment it is and what is about to happen, and gets nothing of our environment', async () => {
    await write('before-push', `cat > ${folder}/told; env > ${folder}/env`);
    const hooks = await open();
    expect(await hooks.run('before-push', { head: 'abc', paths: ['a b', 'c\nd'] })).toEqual({ kind: 'passed' });
    expect(JSON.parse(await readFile(join(folder, 'told'), 'utf8'))).toEqual({
      hook: 'before-push',
      head: 'abc',
      paths: ['a b', 'c\nd'],
    });
    const names = (await readFile(join(folder, 'env'), 'utf8')).split('\n').map((line) => line.split('=')[0]);
    // The shell itself sets the others.
    expect(names.filter((name) => !/^(PWD|_|SHLVL|OLDPWD|)$/.test(name ?? ''))).toEqual(['PATH']);
  });

  it.each([
    ['exits with another code', 'echo "not on Fridays" >&2; exit 3', 'it exited with 3: not on Fridays'],
    ['is killed', 'kill -9 $$', 'it was ended by SIGKILL'],
    ['is no program at all', '#', undefined],
  ])('says no where it %s', async (_, script, why) => {
    await write('before-merge', script);
    if (why === undefined) await writeFile(join(folder, 'before-merge'), '#!/nowhere/at/all\n');
    const said = await (await open()).run('before-merge', {});
    expect(said).toMatchObject({ kind: 'failed', why: why ?? expect.stringContaining('it could not be run') });
  });

  it('does not have to read what it is told', async () => {
    await write('before-plan', 'exit 0');
    expect(await (await open()).run('before-plan', { much: 'x'.repeat(1_000_000) })).toEqual({ kind: 'passed' });
  });

  it('is ended by a stop, which is no leave', async () => {
    await write('before-attempt', `echo $$ > ${folder}/pid; exec sleep 600`);
    const stop = new AbortController();
    const said = (await open()).run('before-attempt', {}, stop.signal);
    let pid = '';
    while (pid === '') pid = (await readFile(join(folder, 'pid'), 'utf8').catch(() => '')).trim();
    stop.abort();
    expect((await said).kind).toBe('failed');
    await expect.poll(() => isAlive(Number(pid))).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a folder of hooks', () => {
  it('needs no program for a moment that nobody cares about', async () => {
    expect(await (await open()).run('before-push', {})).toEqual({ kind: 'passed' });
    const none = await openHooks({ folder: undefined, environment: {} });
    expect(await none.run('before-merge', {})).toEqual({ kind: 'passed' });
  });

  it('with a program that would never be run is refused at the start, with what was probably meant', async () => {
    await write('before-psuh', 'exit 1');
    await expect(open()).rejects.toThrow('"before-psuh", which is run at no moment; did you mean "before-push"?');
  });

  it('with a program that cannot be executed is refused at the start, with how to mend it', async () => {
    await write('before-push', 'exit 1', 0o600);
    await expect(open()).rejects.toThrow(`chmod +x ${join(folder, 'before-push')}`);
  });

  it('that is not there is refused at the start', async () => {
    const gone = openHooks({ folder: join(folder, 'gone'), environment: {} });
    await expect(gone).rejects.toThrow('GATEPILOT_HOOKS');
  });
});
