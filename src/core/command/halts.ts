import type { Command } from './command.ts';
import { grammar } from './grammar.ts';

/** Whether all that this command can do is to end work or to hold it. */
export function halts(command: Command): boolean {
  return grammar[command.kind].effect === 'halts';
}
