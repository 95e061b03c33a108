import type { Run, Task } from '../model/run.ts';

/**
 * Tasks whose contracts are to be kept by this one: what was replaced declares nothing any more. What mends a finding comes
 * after all of them, and may have to mend it in what one of them declared.
 */
export function listOwners({ tasks }: Run, task: Task): Task[] {
  if (task.fixes !== undefined) return [];
  return tasks.filter(({ state }) => state.kind !== 'replaced');
}
