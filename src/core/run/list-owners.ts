import type { Run, Task } from '../model/run.ts';

/** Tasks whose contracts are to be kept: what was replaced declares nothing any more. */
export function listOwners({ tasks }: Run): Task[] {
  return tasks.filter(({ state }) => state.kind !== 'replaced');
}
