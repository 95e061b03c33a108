// The queue: jobs wait, are given to some worker, and run again when their worker is silent for too long. Jobs and wakes
// are hints: the history loses, doubles and delays them.
import type { QueuePort } from '../../src/engine/port/queue.ts';
import type { Mishap } from './history.ts';
import type { Life } from './kernel.ts';
import type { Machine } from './machine.ts';

export interface Job {
  readonly id: string;
  readonly queue: string;
  readonly data: { readonly subject: string };
  holder: Life | undefined;
}

export interface Crew {
  /** Somebody who can take a job now. */
  findFree(): { readonly life: Life; process(job: Job): Promise<void> } | undefined;
}

export interface Jobs extends QueuePort {
  /** Jobs that wait, run or will be run again. */
  count(): number;
  take(mishap: Mishap['of']): Mishap['kind'] | undefined;
  /** Mishaps of the history that befell nothing. */
  listUnmet(): readonly Mishap[];
}

/** After this a job of a silent worker is given to another one. */
const stalledMs = 12_000;
const lateMs = 8_000;

export function createJobs(
  machine: Machine,
  mishaps: readonly Mishap[],
  { crew, queueOf }: { crew: Crew; queueOf: (kind: string) => string },
): Jobs {
  const { kernel } = machine;
  const jobs = new Map<string, Job>();
  /** Looks that were asked for while one is under way. */
  const again = new Set<string>();
  const counts = { webhook: 0, push: 0, wake: 0, job: 0 };

  const start = (job: Job) => {
    const worker = crew.findFree();
    if (!worker) return void kernel.later(undefined, `${job.id} waits`, 1_000, () => start(job));
    job.holder = worker.life;
    const { life } = worker;
    machine.tell(`${life.name} takes ${job.id}`);
    const end = () => {
      // A job that was given to another meanwhile is ended by that one.
      if (job.holder !== life || jobs.get(job.id) !== job) return;
      jobs.delete(job.id);
      if (again.delete(job.id)) add({ ...job, holder: undefined }, 0);
    };
    void worker.process(job).then(end);
  };

  const add = (job: Job, delayMs: number) => {
    jobs.set(job.id, job);
    kernel.later(undefined, `${job.id} is ready`, delayMs, () => start(job));
  };

  const giveToAnother = (life: Life) => {
    for (const job of jobs.values()) {
      if (job.holder !== life) continue;
      kernel.later(undefined, `${job.id} is stalled`, stalledMs, () => {
        if (job.holder === life && jobs.get(job.id) === job) start(job);
      });
    }
  };
  machine.onCrash(giveToAnother);
  machine.onPause(giveToAnother);

  const take = (of: Mishap['of']): Mishap['kind'] | undefined => {
    counts[of] += 1;
    return mishaps.find((mishap) => mishap.of === of && mishap.nth === counts[of])?.kind;
  };

  const offer = (of: 'wake' | 'job', job: Job, delayMs: number) => {
    const mishap = take(of);
    if (mishap) machine.tell(`${of} ${job.id} is ${mishap}`);
    if (mishap === 'lost' || mishap === 'lost_for_ever') return;
    add(job, mishap === 'late' ? delayMs + lateMs : delayMs);
    if (mishap === 'doubled') kernel.later(undefined, `${job.id} once more`, delayMs, () => start({ ...job }));
  };

  const queue: Jobs = {
    count: () => jobs.size,
    take,
    listUnmet: () => mishaps.filter(({ of, nth }) => nth > counts[of]),
    async wake(subject) {
      const id = `look at ${subject}`;
      const known = jobs.get(id);
      if (known?.holder) again.add(id);
      if (!known) offer('wake', { id, queue: 'advance', data: { subject }, holder: undefined }, 0);
    },
    async wakeAfresh(subject) {
      jobs.delete(`look at ${subject}`);
      await queue.wake(subject);
    },
    async dispatch(subject, action, dispatch, delayMs) {
      const id = `${subject} ${action.id} dispatch ${dispatch}`;
      if (jobs.has(id)) return;
      const data = { subject, actionId: action.id, dispatch, kind: action.kind };
      offer('job', { id, queue: queueOf(action.kind), data, holder: undefined }, delayMs);
    },
  };
  return queue;
}
