// The same promises, whether a program is a child of this process or of its starter.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createProcessStarter } from '../../src/subprocess/process-starter.ts';
import { notStarted, type ProcessCall, ProcessNotStarted, runProcess } from '../../src/subprocess/run-process.ts';
import { createRunTool, ToolFailed } from '../../src/subprocess/run-tool.ts';
import { findProcesses } from '../support/process.ts';
import { until } from '../support/until.ts';

const starter = createProcessStarter();
afterAll(() => starter.close());

function shell(script: string, more: Partial<ProcessCall> = {}): ProcessCall {
  const env = { PATH: '/usr/bin:/bin' };
  return { program: 'sh', args: ['-c', script], env, cwd: '/', maxBytes: 1_000_000, timeoutMs: 60_000, ...more };
}

function parentOf(pid: string): number {
  return Number(/^PPid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

describe.each([
  ['a child of this process', runProcess],
  ['a child of its starter', starter.run],
])('%s', (_name, run) => {
  it('gets its input, its environment and its folder, and nothing else', async () => {
    const input = Buffer.from([0, 255, 10, 128]);
    const outcome = await run(shell('cat; env; pwd; echo no >&2; exit 3', { input, env: { A: 'b' }, cwd: '/tmp' }));
    expect(outcome.stdout.subarray(0, 4)).toEqual(input);
    expect(outcome.stdout.subarray(4).toString().split('\n').sort()).toEqual(['', '/tmp', 'A=b', 'PWD=/tmp']);
    expect(outcome).toMatchObject({ code: 3, isCut: false, isLate: false });
    expect(outcome.stderr.toString()).toBe('no\n');
  });

  it('is ended with everything it started when it prints too much or takes too long', async () => {
    const cut = await run(shell('yes', { maxBytes: 1_000 }));
    expect([cut.isCut, cut.stdout.length, cut.code]).toEqual([true, 1_000, null]);
    const late = await run(shell('sleep 7301.5 & sleep 7301.5', { timeoutMs: 200 }));
    expect([late.isLate, late.code]).toEqual([true, null]);
    expect(findProcesses('sleep 7301.5')).toEqual([]);
  });

  it('is reported when it does not exist', async () => {
    const missing = run(shell('', { program: '/nonexistent/program' }));
    await expect(missing).rejects.toBeInstanceOf(ProcessNotStarted);
    await expect(missing).rejects.toMatchObject({
      kind: 'impossible',
      message: 'could not start /nonexistent/program',
    });
  });

  it('is reported when its arguments are more than the kernel takes, and the next one starts all the same', async () => {
    const long = run(shell('', { args: ['-c', ':', 'x'.repeat(3_000_000)] }));
    const cut = run(shell('echo a\0b'));
    for (const refused of [long, cut]) await expect(refused).rejects.toMatchObject({ kind: 'impossible' });
    expect((await run(shell('exit 5'))).code).toBe(5);
  });

  it('may leave its input unread, and many may run at once', async () => {
    const input = 'x'.repeat(3_000_000);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => run(shell(`exit ${index}`, { input }))),
    );
    expect(outcomes.map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is a tool of the system: what it printed, or why it failed', async () => {
    const tool = createRunTool(run);
    expect(await tool('echo', ['said'])).toBe('said\n');
    const failed = tool('ls', ['/nonexistent', '/etc/passwd']);
    await expect(failed).rejects.toBeInstanceOf(ToolFailed);
    await expect(failed).rejects.toMatchObject({
      stdout: '/etc/passwd\n',
      message: expect.stringContaining('ls ended with 2'),
      isBeyond: false,
    });
    await expect(tool('yes', [], { maxBytes: 1_000 })).rejects.toMatchObject({ isBeyond: true });
    await expect(tool('sleep', ['1000'], { timeoutMs: 1 })).rejects.toMatchObject({ isBeyond: true });
  });
});

it('starts from a process of its own, one for all, except what is long', async () => {
  const parents = await Promise.all(
    [{}, {}, { input: 'x'.repeat(5_000_000) }].map(async (more) => {
      const outcome = await starter.run(shell('echo $PPID; cat > /dev/null', more));
      return Number(outcome.stdout.toString());
    }),
  );
  expect(parents[0]).toBe(parents[1]);
  expect(parents[0]).not.toBe(process.pid);
  expect(parents[2]).toBe(process.pid);
});

it('says of what was under way that it lost sight of it when the starter dies, and goes on with another', async () => {
  const own = createProcessStarter();
  const marker = 'sleep 7302.5';
  const lost = own.run(shell(marker));
  lost.catch(() => undefined);
  const pid = await until(async () => findProcesses(marker)[0]);
  process.kill(parentOf(String(pid)), 'SIGKILL');
  await expect(lost).rejects.toMatchObject({ kind: 'lost', message: 'lost sight of sh' });
  expect((await own.run(shell('exit 4'))).code).toBe(4);
  for (const left of findProcesses(marker)) process.kill(Number(left), 'SIGKILL');
  own.close();
});

it('leaves nobody waiting when it is closed', async () => {
  const own = createProcessStarter();
  const marker = 'sleep 7303.5';
  const lost = own.run(shell(marker));
  lost.catch(() => undefined);
  await until(async () => findProcesses(marker)[0]);
  own.close();
  await expect(lost).rejects.toMatchObject({ kind: 'lost' });
  for (const left of findProcesses(marker)) process.kill(Number(left), 'SIGKILL');
});

it('says that the machine is short of something, which passes', () => {
  expect(notStarted('git', Object.assign(new Error('spawn EAGAIN'), { code: 'EAGAIN' })).kind).toBe('short');
  expect(notStarted('git', Object.assign(new Error('spawn E2BIG'), { code: 'E2BIG' })).kind).toBe('impossible');
});

it('does not outlive whoever it starts for, and does not keep it alive', async () => {
  const script = fileURLToPath(new URL('./use-starter.ts', import.meta.url));
  const ended = fork(script, ['end'], { execArgv: [] });
  expect(await once(ended, 'exit')).toEqual([0, null]);
  const killed = fork(script, ['wait'], { execArgv: [] });
  const [pid] = await once(killed, 'message');
  killed.kill('SIGKILL');
  await until(async () => (isThere(Number(pid)) ? undefined : true));
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
