import { expect, it } from 'vitest';
import { superviseProcess } from '../../src/demo/chaos/fault/supervise.ts';
import type { OurProcess } from '../../src/demo/stack/child-process.ts';

interface FakeProcess extends OurProcess {
  crash(): void;
}

function createProcess(pid: number): FakeProcess {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  return {
    pid,
    ready: {},
    exited: promise,
    crash: () => resolve(null),
    kill: async () => {
      resolve(null);
      await promise;
    },
  };
}

it('starts again what was killed, and tells how long it was down', async () => {
  const service = superviseProcess('web', createProcess(1), async () => createProcess(2));
  const kill = await service.kill();
  expect(kill).toMatchObject({ service: 'web', pid: 1 });
  await service.serves();
  expect(service.pid).toBe(2);
  expect(kill.downMs).toBeGreaterThan(0);
  expect(service.mishaps).toEqual([]);
  await service.end();
});

it('starts again what ended by itself, and does not forget that it did', async () => {
  const first = createProcess(1);
  const service = superviseProcess('worker 1', first, async () => createProcess(2));
  first.crash();
  await first.exited;
  await service.serves();
  expect(service.pid).toBe(2);
  expect(service.mishaps).toEqual(['worker 1 (process 1) ended by itself']);
  await service.end();
});

it('tries again when a start fails, and tells of it', async () => {
  let starts = 0;
  const service = superviseProcess('web', createProcess(1), async () => {
    starts += 1;
    if (starts === 1) throw new Error('no Redis');
    return createProcess(2);
  });
  await service.kill();
  await service.serves();
  expect(service.mishaps).toEqual(['web did not come up: no Redis']);
  await service.end();
});

it('waits with a kill until there is something to kill', async () => {
  let next = 1;
  const service = superviseProcess('web', createProcess(1), async () => {
    next += 1;
    return createProcess(next);
  });
  const kills = await Promise.all([service.kill().then(() => service.kill()), service.serves()]);
  expect(kills[0].pid).toBe(2);
  await service.end();
});

it('ends when no start is under way any more, and starts nothing afterwards', async () => {
  const { promise: isAsked, resolve: ask } = Promise.withResolvers<void>();
  const { promise: next, resolve: come } = Promise.withResolvers<OurProcess>();
  const service = superviseProcess('web', createProcess(1), () => {
    ask();
    return next;
  });
  await service.kill();
  await isAsked;
  let isEnded = false;
  const ended = service.end().then(() => {
    isEnded = true;
  });
  expect(isEnded).toBe(false);
  const second = createProcess(2);
  come(second);
  await ended;
  second.crash();
  await second.exited;
  expect(service.mishaps).toEqual([]);
});
