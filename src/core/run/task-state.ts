import type { Run, Task } from '../model/run.ts';

export function tasksOf(run: Run, keys: readonly string[]): Task[] {
  const wanted = new Set(keys);
  return run.tasks.filter((task) => wanted.has(task.key));
}

export function findTask(run: Run, key: string): Task | undefined {
  return run.tasks.find((task) => task.key === key);
}

/** Whether nothing of the task is under way or waiting to be started in its batch. */
export function isOver(task: Task): boolean {
  return task.state.kind !== 'pending' && task.state.kind !== 'running';
}

/** Nothing of the task is built any more. */
export function isDone({ state }: Task): boolean {
  return state.kind === 'merged' || state.kind === 'reported' || state.kind === 'replaced';
}

/** What it built passed by itself and met no conflict: to be merged it takes no agent. */
export function isKeptWhole({ kept }: Task): boolean {
  return kept !== undefined && kept.conflict === undefined;
}

export function isBuilt(task: Task): boolean {
  return task.state.kind === 'anchored' || isKeptWhole(task);
}

/** Nobody works on it, and nothing was decided against it. */
function isWaiting({ state }: Task): boolean {
  return state.kind === 'pending' || state.kind === 'rolled_back';
}

/** What is built and waits for its merge, in whichever batch. */
export function listWaitingBuilt(run: Run): Task[] {
  return run.tasks.filter((task) => isWaiting(task) && isKeptWhole(task));
}

/** Nothing new starts: what waits for its turn and is not among `exempt` is left out. */
export function skipWaiting(run: Run, by: string, exempt: readonly Task[]): void {
  for (const task of run.tasks) {
    const isLeftOut = isWaiting(task) || task.state.kind === 'awaiting_amendment';
    if (!isLeftOut || exempt.includes(task)) continue;
    task.state = { kind: 'skipped', by: `@${by}`, reason: 'The run was finished before it could be done.' };
  }
}
