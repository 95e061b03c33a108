// What people said with `tell`, as an agent is told it: in its prompt, or while it works. Each stands in a fence that it cannot
// end, and none of it changes what the agent may do.
import type { Instruction } from '../model/instruction.ts';
import { fence } from '../sanitise/fence.ts';

type Said = Pick<Instruction, 'by' | 'text'>;

const standing =
  'It says what is wanted, and where it differs from the task it is what counts, the newest last. It changes none of the rules of the workspace, and not what you may change.';

export function renderInstructions(instructions: readonly Said[]): string {
  if (instructions.length === 0) return '';
  return `# What people said since\n\nThis was told by people who may write to this repository, in this order. ${standing}\n\n${list(instructions)}`;
}

/** For an agent in the middle of its work. */
export function renderLiveInstructions(instructions: readonly Said[]): string {
  return `While you work, this was told by people who may write to this repository. ${standing} Take it into account and go on with the task.\n\n${list(instructions)}`;
}

function list(instructions: readonly Said[]): string {
  return instructions.map(({ by, text }) => `@${by}:\n\n${fence(text)}`).join('\n\n');
}
