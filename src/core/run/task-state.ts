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

/** What it built passed by itself and met no conflict: to be merged it takes no agent. */
export function isKeptWhole({ kept }: Task): boolean {
  return kept !== undefined && kept.conflict === undefined;
}

export function isBuilt(task: Task): boolean {
  return task.state.kind === 'anchored' || isKeptWhole(task);
}

/** Nothing new starts: what waits for its turn is left out. */
export function skipWaiting(run: Run, by: string): void {
  for (const task of run.tasks) {
    if (task.state.kind !== 'pending' && task.state.kind !== 'rolled_back') continue;
    task.state = { kind: 'skipped', by: `@${by}`, reason: 'The run was finished before it could be done.' };
  }
}
