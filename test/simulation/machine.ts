// Every call of a port passes through here as one step: it may fail, have its effect and lose its answer, or be the last
// thing that its process did.
import { ExternalError, type ExternalSystem } from '../../src/engine/external-error.ts';
import type { Fault, FaultKind, History, Moment, Outage } from './history.ts';
import { epoch, type Kernel, type Life } from './kernel.ts';

export interface Machine {
  readonly kernel: Kernel;
  /** What happened, one line a step: written out only when an invariant breaks. */
  renderTrace(): string[];
  call<T>(life: Life, label: string, perform: () => Promise<T>): Promise<T>;
  tell(line: string): void;
  /** Called after the step of that call; at once when it was before. */
  onMoment(moment: Moment, take: () => void): void;
  /** Faults and outages of the history that nobody has met. */
  listUnmet(): readonly (Fault | Outage)[];
  crash(life: Life): void;
  onCrash(take: (life: Life) => void): void;
  onPause(take: (life: Life) => void): void;
}

const pauseMs = 25_000;

export function createMachine(kernel: Kernel, history: History): Machine {
  const counts = new Map<string, number>();
  const met = new Set<Fault | Outage>();
  let waiting: { readonly moment: Moment; readonly take: () => void }[] = [];
  const crashTakers: ((life: Life) => void)[] = [];
  const pauseTakers: ((life: Life) => void)[] = [];
  const trace: { readonly at: number; readonly line: string }[] = [];
  const tell = (line: string) => void trace.push({ at: kernel.now(), line });

  const findFault = (label: string): Fault | undefined => {
    const system = toSystem(label);
    let found: Fault | undefined;
    for (const name of [label, system]) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      found ??= history.faults.find(({ on, nth }) => on === name && nth === count);
    }
    return found;
  };

  const findOutage = (label: string): Outage | undefined => {
    const seconds = (kernel.now() - epoch) / 1000;
    return history.outages.find(
      ({ system, fromS, forS }) => system === toSystem(label) && fromS <= seconds && seconds < fromS + forS,
    );
  };

  const hasCome = ({ on, nth }: Moment) => (counts.get(on) ?? 0) >= nth;
  kernel.onStep(() => {
    if (waiting.length === 0) return;
    const come = waiting.filter(({ moment }) => hasCome(moment));
    waiting = waiting.filter(({ moment }) => !hasCome(moment));
    for (const { take } of come) take();
  });

  const crash = (life: Life) => {
    if (life.isDead) return;
    life.isDead = true;
    tell(`${life.name} is killed`);
    for (const take of crashTakers) take(life);
  };

  const pause = (life: Life) => {
    life.pausedUntil = kernel.now() + pauseMs;
    tell(`${life.name} hangs for ${pauseMs / 1000} s`);
    for (const take of pauseTakers) take(life);
  };

  return {
    kernel,
    renderTrace: () => trace.map(({ at, line }) => `${((at - epoch) / 1000).toFixed(3).padStart(9)}  ${line}`),
    tell,
    onMoment: (moment, take) => void (hasCome(moment) ? take() : waiting.push({ moment, take })),
    listUnmet: () => [...history.faults, ...history.outages].filter((trouble) => !met.has(trouble)),
    crash,
    onCrash: (take) => void crashTakers.push(take),
    onPause: (take) => void pauseTakers.push(take),

    call: (life, label, perform) =>
      new Promise((resolve, reject) => {
        const fail = (outage?: Outage) => reject(toError(label, kernel.now(), outage));
        /** Nobody hears anything while the process hangs. */
        const answerLater = (answer: () => void) => kernel.soon(life, `${life.name} hears of ${label}`, answer);
        const settle = () => perform().then(resolve, reject);
        kernel.soon(life, `${life.name} ${label}`, () => {
          const fault = findFault(label);
          const outage = findOutage(label);
          if (outage) {
            met.add(outage);
            tell(`${life.name} ${label}: refused in an outage`);
            return fail(outage);
          }
          if (fault) met.add(fault);
          const kind: FaultKind | undefined = fault?.kind;
          tell(`${life.name} ${label}${kind ? `: ${kind}` : ''}`);
          switch (kind) {
            case undefined:
              return settle();
            case 'fails':
              return fail();
            case 'answer_lost':
              return void perform().then(() => fail(), reject);
            case 'lands_late':
              kernel.later(undefined, `${label} lands late`, 3_000, () => {
                tell(`${label} of ${life.name} lands late`);
                perform().catch(() => undefined);
              });
              return fail();
            case 'crash_before':
              return crash(life);
            case 'crash_after':
              return void perform().then(
                () => crash(life),
                () => crash(life),
              );
            case 'hangs_before':
              pause(life);
              return answerLater(settle);
            case 'hangs_after':
              return void perform().then(
                (value) => {
                  pause(life);
                  answerLater(() => resolve(value));
                },
                (error) => reject(error),
              );
            case 'slow':
              return void kernel.later(life, `${life.name} ${label} is slow`, 6_000, settle);
          }
        });
      }),
  };
}

function toSystem(label: string): string {
  return label.slice(0, label.indexOf('.'));
}

const systems: Record<string, ExternalSystem> = {
  store: 'redis',
  queue: 'redis',
  github: 'github',
  git: 'git',
  artifact: 'disk',
  sandbox: 'sandbox',
  agent: 'agent',
  model: 'model',
  gateway: 'model',
};

function toError(label: string, now: number, outage: Outage | undefined): ExternalError {
  const system = systems[toSystem(label)] ?? 'disk';
  const retry = outage?.isRateLimit && system === 'github' ? { at: now + 20_000 } : ('soon' as const);
  return new ExternalError({ system, message: `${label}: it did not answer`, retry });
}

/** The port as one process sees it: every method of it is a call of that process. */
export function wrapPort<Port extends object>(
  machine: Machine,
  life: Life,
  { system, port, asIs = [] }: { system: string; port: Port; asIs?: readonly (keyof Port)[] },
): Port {
  const wrapped: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(port)) {
    wrapped[name] =
      typeof member !== 'function' || asIs.includes(name as keyof Port)
        ? member
        : (...args: unknown[]) => machine.call(life, `${system}.${name}`, () => member(...args));
  }
  return wrapped as Port;
}
