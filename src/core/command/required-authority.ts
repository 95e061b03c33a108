import type { Command } from './command.ts';
import { grammar } from './grammar.ts';
import type { Authority } from './verb/verb-grammar.ts';

/**
 * The least permission that a command asks for by itself. What depends on more than the command is raised by whoever
 * knows it: a budget above the policy's limit and the approval or denial of what touches protected paths need `maintain`.
 */
export function requiredAuthority(command: Command): Authority {
  return grammar[command.kind].authority;
}
