import type { Command } from './command.ts';
import { grammar } from './grammar.ts';

/** Whether agents, models or merges may begin to work because of this command. */
export function startsWork(command: Command): boolean {
  return grammar[command.kind].effect === 'starts';
}
