// Each limit is reached on purpose. Figures are small, so that reaching them takes no time; those of memory are passed by more
// than a kernel of its own may have on top and does not always take.
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProcesses } from '../support/host-processes.ts';
import { subjects } from '../support/provided.ts';
import { makeSpec, mebibyte } from '../support/spec.ts';
import { openStarter, type Starter } from '../support/starter.ts';

/** Takes memory in steps, so that something can be noticed before all of it is taken. */
const takeMemory = (mebibytes: number, then = 'process.exit(0)') => [
  'node',
  '-e',
  `const kept = [];
   const take = () => {
     kept.push(Buffer.alloc(${mebibyte} * 8, 1));
     if (kept.length * 8 < ${mebibytes}) return setTimeout(take, 4);
     console.log("took it");
     ${then};
   };
   take();`,
];

describe.each(subjects)('limits of a sandbox of $title', (subject) => {
  let starter: Starter;
  beforeAll(async () => {
    starter = await openStarter(subject);
  });
  afterAll(() => starter.close());

  it('are told truthfully', async () => {
    const { capabilities } = await starter.order({ kind: 'capabilities' });
    expect(capabilities).toMatchObject({
      provider: ['podman', 'docker'].includes(subject.provider) ? 'oci' : subject.provider,
      network: ['deny', 'gateway', 'allowlist'],
      limits: { pids: 'hard', cpu: 'soft', disk: 'soft', wall: 'soft', output: 'hard' },
      identity: subject.user === 'root' ? 'uid-per-sandbox' : 'user-namespace',
    });
    expect(capabilities?.limits.memory).toMatch(/^(hard|soft)$/);
  });

  it('end a process that takes too much memory', async () => {
    const limits = { memoryBytes: 160 * mebibyte };
    expect((await starter.inside(takeMemory(64), { limits })).stdout).toBe('took it\n');
    const { end, stdout } = await starter.inside(takeMemory(4_000), { limits });
    expect(end).toEqual({ kind: 'killed', reason: 'memory' });
    expect(stdout).toBe('');
  });

  it('end the whole tree when one process in it takes too much memory', async () => {
    const script = ['sh', '-c', '"$@"; sleep 1000', 'sh', ...takeMemory(4_000)];
    const { end } = await starter.inside(script, { limits: { memoryBytes: 160 * mebibyte } });
    expect(end).toEqual({ kind: 'killed', reason: 'memory' });
  });

  it('hold for processes together that are small each', async () => {
    const take = `const kept = Buffer.alloc(${mebibyte} * 100, 1); setTimeout(() => console.log("took it", kept.length), 3000)`;
    const several = ['sh', '-c', 'for i in 1 2 3 4; do "$@" & done; wait', 'sh', 'node', '-e', take];
    const { end, stdout } = await starter.inside(several, { limits: { memoryBytes: 240 * mebibyte } });
    expect(end).toEqual({ kind: 'killed', reason: 'memory' });
    expect(stdout).toBe('');
  });

  it('end no process for the memory that an earlier one took', async () => {
    const { answers } = await starter.order({
      kind: 'inside one',
      spec: makeSpec(starter.workspace, { limits: { memoryBytes: 160 * mebibyte } }),
      commands: [takeMemory(4_000), ['sleep', '1.5']],
    });
    expect(answers?.map(({ end }) => end)).toEqual([
      { kind: 'killed', reason: 'memory' },
      { kind: 'exited', code: 0 },
    ]);
  });

  it('count files in memory as memory', async () => {
    const limits = { memoryBytes: 400 * mebibyte };
    expect((await starter.inside(takeMemory(200), { limits })).stdout).toBe('took it\n');
    const hold = takeMemory(200, 'setInterval(() => kept, 1000)');
    const fill = 'dd if=/dev/zero of=/tmp/a bs=1M count=180; dd if=/dev/zero of=/home/agent/a bs=1M count=180';
    const { end } = await starter.inside(['sh', '-c', `${fill}; exec "$@"`, 'sh', ...hold], { limits });
    expect(end).toEqual({ kind: 'killed', reason: 'memory' });
  });

  it('let no more processes run than allowed', async () => {
    const script = `
      let started = 0;
      for (let i = 0; i < 100; i++) {
        const child = require("child_process").spawn("sleep", ["1000"]);
        child.on("error", () => {});
        if (child.pid) started++;
      }
      console.log(started);
      process.exit(0);`;
    const few = Number((await starter.inside(['node', '-e', script], { limits: { pids: 40 } })).stdout);
    expect(few).toBeGreaterThan(10);
    expect(few).toBeLessThan(40);
    const many = Number((await starter.inside(['node', '-e', script], { limits: { pids: 150 } })).stdout);
    expect(many).toBe(100);
  });

  it('survive a fork bomb', async () => {
    const mark = `1000.${randomInt(1e9)}`;
    // Begun by a process of its own: else the first one may be who is refused its second child, and ends.
    const bomb = 'bomb() { bomb | bomb & }; (bomb) & exec sleep "$1"';
    const { end } = await starter.inside(['sh', '-c', bomb, 'sh', mark], { limits: { pids: 40, wallMs: 1_500 } });
    expect(end).toEqual({ kind: 'killed', reason: 'wall' });
    expect(findProcesses(mark)).toEqual([]);
  });

  it('end a process that takes too long', async () => {
    const { end } = await starter.inside(['sleep', '1000'], { limits: { wallMs: 200 } });
    expect(end).toEqual({ kind: 'killed', reason: 'wall' });
  });

  it('end a process that computes too long', async () => {
    const { end } = await starter.inside(['sh', '-c', 'while :; do :; done'], { limits: { cpuSeconds: 1 } });
    expect(end).toEqual({ kind: 'killed', reason: 'cpu' });
  });

  it('end processes that compute too long together', async () => {
    const spend = "node -e 'while (process.cpuUsage().user < 6e5) for (let i = 0; i < 1e7; i++);'";
    const script = `for i in 1 2 3 4 5 6 7 8; do ${spend}; done; sleep 1000`;
    const { end } = await starter.inside(['sh', '-c', script], { limits: { cpuSeconds: 1 } });
    expect(end).toEqual({ kind: 'killed', reason: 'cpu' });
  });

  it('end no process for the time that an earlier one computed', async () => {
    const { answers } = await starter.order({
      kind: 'inside one',
      spec: makeSpec(starter.workspace, { limits: { cpuSeconds: 2 } }),
      commands: [
        ['sh', '-c', 'while :; do :; done'],
        ['sleep', '1.5'],
      ],
    });
    expect(answers?.map(({ end }) => end)).toEqual([
      { kind: 'killed', reason: 'cpu' },
      { kind: 'exited', code: 0 },
    ]);
  });

  it('cut output, and say how much is missing', async () => {
    const script = 'head -c 600 /dev/zero | tr "\\0" a; head -c 1000 /dev/zero | tr "\\0" b >&2; exit 4';
    const { stdout, stderr, end } = await starter.inside(['sh', '-c', script], { limits: { outputBytes: 1_000 } });
    const kept = (stdout + stderr).replace(/\n\[output limit reached: .*\]\n/g, '');
    const dropped = /\[output limit reached: (\d+) more bytes were dropped\]\n$/m.exec(stdout + stderr)?.[1];
    // All at once: how it ended says why something is missing.
    expect({ end, kept: kept.length, dropped }).toEqual({
      end: { kind: 'exited', code: 4 },
      kept: 1_000,
      dropped: '600',
    });
  });

  it('do not let a flood of output hold the process up for ever', async () => {
    const { stdout, end } = await starter.inside(['head', '-c', '20000000', '/dev/zero'], {
      limits: { outputBytes: 100 },
    });
    expect(stdout).toContain(`[output limit reached: ${20_000_000 - 100} more bytes were dropped]`);
    expect(end).toEqual({ kind: 'exited', code: 0 });
  });

  it('let no file grow beyond the disk', async () => {
    const fill = ['dd', 'if=/dev/zero', 'of=/workspace/large', 'bs=1M', 'count=50'];
    const { end } = await starter.inside(fill, { limits: { diskBytes: 20 * mebibyte } });
    expect(end).toEqual({ kind: 'killed', reason: 'disk' });
    await starter.inside(['rm', '/workspace/large']);
  });

  it('end a process whose files outgrow the disk together', async () => {
    const fill = 'mkdir many; for i in 1 2 3 4 5; do dd if=/dev/zero of=many/$i bs=1M count=10; done; sleep 1000';
    const { end } = await starter.inside(['sh', '-c', fill], { limits: { diskBytes: 20 * mebibyte } });
    expect(end).toEqual({ kind: 'killed', reason: 'disk' });
    await starter.inside(['rm', '-r', '/workspace/many']);
  });

  it('tell of a process that it left too much, however soon it ended', async () => {
    const fill = 'mkdir many; for i in 1 2 3; do dd if=/dev/zero of=many/$i bs=1M count=10; done';
    const { end } = await starter.inside(['sh', '-c', fill], { limits: { diskBytes: 20 * mebibyte } });
    expect(end).toEqual({ kind: 'killed', reason: 'disk' });
    await starter.inside(['rm', '-r', '/workspace/many']);
  });

  it('end a process that keeps files which it removed', async () => {
    const script = `
      const fs = require("fs");
      for (let i = 0; i < 3; i++) {
        const file = fs.openSync("removed", "w+");
        fs.unlinkSync("removed");
        fs.writeSync(file, Buffer.alloc(10 * ${mebibyte}, 1));
      }
      setInterval(() => undefined, 1000);`;
    const { end } = await starter.inside(['node', '-e', script], { limits: { diskBytes: 20 * mebibyte } });
    expect(end).toEqual({ kind: 'killed', reason: 'disk' });
  });

  it('end a process that makes too many files', async () => {
    const script = `
      const fs = require("fs");
      for (let i = 0; i < 12000; i++) fs.writeFileSync("empty" + i, "");
      setInterval(() => undefined, 1000);`;
    const { end } = await starter.inside(['node', '-e', script], { limits: { diskBytes: 20 * mebibyte } });
    expect(end).toEqual({ kind: 'killed', reason: 'disk' });
    await starter.inside(['find', '/workspace', '-name', 'empty*', '-delete']);
  });
});
