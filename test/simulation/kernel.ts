// The simulated machine: virtual time, and one step at a time. Whatever is asynchronous in the code under test waits
// for a step of here, so the order of everything is chosen by the history and nothing by the real machine.
import type { ClockPort } from '../../src/engine/port/clock.ts';

/** A process that may die or hang. What waits for a dead one waits for ever. */
export interface Life {
  readonly name: string;
  isDead: boolean;
  /** Its event loop stands still until then. */
  pausedUntil: number;
}

interface Step {
  readonly life: Life | undefined;
  readonly label: string;
  readonly run: () => unknown;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly step: Step;
}

export interface Kernel {
  readonly world: Life;
  now(): number;
  steps(): number;
  /** Runs as one step, whenever its turn comes; undefined as its life stands for the world, which never dies. */
  soon(life: Life | undefined, label: string, run: () => unknown): void;
  later(life: Life | undefined, label: string, delayMs: number, run: () => unknown): () => void;
  clockOf(life: Life): ClockPort;
  /** Steps until nothing can happen any more, `until` says so, or the moment has come. */
  run(until: { readonly moment: number; readonly isOver: () => Promise<boolean> }): Promise<void>;
  /** Nobody can go on before time passes. */
  isIdle(): boolean;
  onStep(look: (label: string) => void): void;
}

export const epoch = Date.UTC(2026, 0, 5, 9);

export function createKernel(pick: (count: number) => number): Kernel {
  let now = epoch;
  let stepsTaken = 0;
  let order = 0;
  const ready: Step[] = [];
  const timers: Timer[] = [];
  const lookers: ((label: string) => void)[] = [];

  const addTimer = (step: Step, at: number): (() => void) => {
    const timer = { at, order: order++, step };
    let index = timers.length;
    while (index > 0 && isAfter(timers[index - 1], timer)) index -= 1;
    timers.splice(index, 0, timer);
    return () => {
      const place = timers.indexOf(timer);
      if (place >= 0) timers.splice(place, 1);
    };
  };

  const isAwake = ({ life }: Step) => !life || (!life.isDead && life.pausedUntil <= now);
  const isGone = ({ life }: Step) => life?.isDead === true;

  const takeDue = () => {
    while (timers[0] && timers[0].at <= now) {
      const timer = timers.shift();
      if (timer && !isGone(timer.step)) ready.push(timer.step);
    }
  };

  /** Time passes only when nobody can go on at this moment. */
  const findNextMoment = (): number | undefined => {
    const moments = ready.flatMap(({ life }) => (life && !life.isDead ? [life.pausedUntil] : []));
    const timer = timers.find(({ step }) => !isGone(step));
    if (timer) moments.push(timer.at);
    return moments.length === 0 ? undefined : Math.min(...moments);
  };

  const takeStep = (): Step | undefined => {
    for (let index = ready.length - 1; index >= 0; index -= 1) {
      const step = ready[index];
      if (step && isGone(step)) ready.splice(index, 1);
    }
    const awake = ready.filter(isAwake);
    if (awake.length === 0) return undefined;
    const chosen = awake[pick(awake.length)];
    if (chosen) ready.splice(ready.indexOf(chosen), 1);
    return chosen;
  };

  return {
    world: { name: 'world', isDead: false, pausedUntil: 0 },
    now: () => now,
    steps: () => stepsTaken,
    soon: (life, label, run) => void ready.push({ life, label, run }),
    later: (life, label, delayMs, run) => addTimer({ life, label, run }, now + Math.max(0, delayMs)),
    onStep: (look) => void lookers.push(look),

    clockOf: (life) => ({
      now: () => now,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve();
          const cancel = addTimer({ life, label: `${life.name} wakes`, run: () => resolve() }, now + Math.max(0, ms));
          signal?.addEventListener('abort', () => {
            cancel();
            resolve();
          });
        }),
    }),

    isIdle: () => !ready.some(isAwake) && !(timers[0] && timers[0].at <= now),

    async run({ moment, isOver }) {
      // Whoever plays many histories is heard in between.
      await new Promise((resolve) => setImmediate(resolve));
      for (;;) {
        if (await isOver()) return;
        takeDue();
        const step = takeStep();
        if (!step) {
          const next = findNextMoment();
          if (next === undefined || next > moment) return;
          now = Math.max(now, next);
          continue;
        }
        stepsTaken += 1;
        now += 1;
        step.run();
        await settle();
        for (const look of lookers) look(step.label);
      }
    },
  };
}

function isAfter(a: Timer | undefined, b: Timer): boolean {
  return a !== undefined && (a.at > b.at || (a.at === b.at && a.order > b.order));
}

/**
 * Everything that can go on without a step of the kernel has gone on when this resolves: nothing that is simulated waits
 * for the machine, so promises are all there is, and a turn of its event loop for each step would cost more than the step.
 */
function settle(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
