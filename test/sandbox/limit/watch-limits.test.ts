// How often limits are looked at, by a clock of the test's own; what a look finds is in the conformance suite.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LimitGroup } from '../../../src/sandbox/bubblewrap/limit/limit-level.ts';
import { watchLimits } from '../../../src/sandbox/bubblewrap/limit/watch-limits.ts';
import { type RunTool, ToolFailed } from '../../../src/subprocess/run-tool.ts';

const group: LimitGroup = {
  attach: async () => undefined,
  countMemoryBreaches: async () => 0,
  readProcesses: () => [],
  readProcessorSeconds: () => 0,
  close: async () => undefined,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function watch(runTool: RunTool, more: Partial<LimitGroup> = {}) {
  const onDiskFull = vi.fn();
  const stop = watchLimits({
    ...{
      group: { ...group, ...more },
      runTool,
      onDiskFull,
      folders: [folder],
      diskBytes: 1_000_000,
      memoryPollMs: 1e9,
    },
    isIdle: () => false,
    onMemoryBreaches: () => undefined,
    onProcessorSeconds: () => undefined,
  });
  return { onDiskFull, stop };
}

/** Lets this much time go by, with real turns for what reads the disk. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await vi.advanceTimersByTimeAsync(100);
    await new Promise((next) => setImmediate(next));
    await new Promise((next) => setImmediate(next));
  }
}

describe('the watch over a workspace', () => {
  it('rests for seconds at the most, however long its looks take', async () => {
    const looks: number[] = [];
    const { stop } = watch(async () => {
      looks.push(performance.now());
      await new Promise((done) => setTimeout(done, 4_000));
      return '1 1 0\n';
    });
    await pass(60_000);
    stop();
    const pauses = looks.slice(1).map((at, index) => at - (looks[index] ?? 0) - 4_000);
    expect(pauses.length).toBeGreaterThan(3);
    expect(Math.max(...pauses)).toBeLessThan(7_000);
  });

  it('takes a workspace for full that cannot be measured in time', async () => {
    const { onDiskFull, stop } = watch(async () => {
      throw new ToolFailed('sh took too long', { stdout: '', isBeyond: true });
    });
    await pass(3_000);
    stop();
    expect(onDiskFull).toHaveBeenCalled();
  });

  it('takes a workspace for full that nobody can measure, but not at the first time', async () => {
    const { onDiskFull, stop } = watch(async () => {
      throw new ToolFailed('sh ended with 127', { stdout: '', isBeyond: false });
    });
    await pass(3_000);
    expect(onDiskFull).not.toHaveBeenCalled();
    await pass(60_000);
    stop();
    expect(onDiskFull).toHaveBeenCalled();
  });
});

it('files that were removed and are in use are looked for once, for memory and disk together', async () => {
  const looks: number[] = [];
  const noted: number[] = [];
  const runTool: RunTool = async (tool) => {
    if (tool === 'find') looks.push(performance.now());
    return tool === 'sh' ? '1 1 0\n' : '';
  };
  const noteHeldMemory = () => void noted.push(performance.now());
  const { stop } = watch(runTool, { readProcesses: () => [process.pid], noteHeldMemory });
  // What reads the disk takes its real time, of which a machine with much else to do has little.
  for (let round = 0; round < 20 && noted.length <= 20; round += 1) await pass(30_000);
  stop();
  expect(noted.length).toBeGreaterThan(20);
  // The disk is looked at as often, and asks for no look of its own.
  expect(looks.length).toBeLessThanOrEqual(noted.length + 2);
  const pauses = looks.slice(1).map((at, index) => at - (looks[index] ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
});
