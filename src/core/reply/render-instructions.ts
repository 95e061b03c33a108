import type { Instruction } from '../model/instruction.ts';
import { quoteCode, quoteInline, quoteName } from './quote-inline.ts';

const shownChars = 200;

/** What people told the agents of a run, and who of them has heard it. */
export function renderInstructions(instructions: readonly Instruction[] = []): string {
  if (instructions.length === 0) return '';
  return `### Told by people\n\n${instructions.map(renderInstruction).join('\n')}`;
}

function renderInstruction(instruction: Instruction): string {
  const { id, by, task, text } = instruction;
  const whom = task === undefined ? '' : ` for ${quoteCode(task)}`;
  return `- ${quoteCode(id)} by ${quoteName(by)}${whom}: ${quoteInline(text, shownChars)} ${renderHeard(instruction)}`;
}

function renderHeard({ heard, unheard }: Instruction): string {
  if (unheard) return '**Heard by nobody.**';
  const [first, ...others] = heard;
  if (!first) return '**Waits** for an agent.';
  const also = others.length === 0 ? '' : ` and ${others.length} more`;
  const how = first.isLive ? ' (while it worked)' : '';
  return `**Heard** by attempt ${first.attempt} of ${quoteCode(first.task)}${how}${also}.`;
}
