import type { Instruction } from '../model/instruction.ts';
import type { Run } from '../model/run.ts';

/** What every agent that works on the task is told, in the order in which it was said. */
export function listInstructions({ instructions = [] }: Run, task: string): Instruction[] {
  return instructions.filter(
    ({ task: only, unheard }) => unheard === undefined && (only === undefined || only === task),
  );
}

/** No agent has heard it yet, and one may still. */
export function isPending({ heard, unheard }: Instruction): boolean {
  return heard.length === 0 && unheard === undefined;
}
