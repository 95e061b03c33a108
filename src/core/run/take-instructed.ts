// What became of what people told agents: an agent heard it, or none can any more. Either ends the command, once.
import { isPending } from '../instruction/list-instructions.ts';
import type { Event } from '../model/event.ts';
import type { Instruction } from '../model/instruction.ts';
import { isLive, type Run } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { type Draft, note, settleReceipt } from './draft.ts';
import { findHeldAttempt } from './find-held-attempt.ts';
import { findTask, isDone } from './task-state.ts';

/** Whoever works on an attempt says so as soon as its agent has read it. A holder that was replaced has told nobody who counts. */
export function takeInstructed(draft: Draft, event: Extract<Event, { kind: 'instructed' }>): void {
  const held = findHeldAttempt(draft, event);
  if (!held)
    return note(draft, 'stale_result', `what ${event.attempt} heard is told by a holder that was replaced; ignored`);
  const { run, action } = held;
  const { task, number: attempt } = action;
  const { isLive: wasAtWork } = event;
  for (const instruction of run.instructions ?? []) {
    if (!event.instructions.includes(instruction.id) || instruction.unheard) continue;
    if (instruction.heard.some((one) => one.task === task && one.attempt === attempt)) continue;
    const isFirst = isPending(instruction);
    instruction.heard.push({ task, attempt, isLive: wasAtWork });
    draft.urgency = draft.urgency === 'now' ? 'now' : 'soon';
    const how = wasAtWork ? 'while it worked' : 'in its prompt';
    note(draft, 'instructed', `attempt ${attempt} of ${task} heard ${instruction.id} ${how}`, {
      instruction: instruction.id,
      task,
    });
    if (isFirst) settleReceipt(draft, instruction.receiptId, 'done');
  }
}

/** Nobody heard it before the run, or its task, came to an end: whoever said it is told so, and no later agent is told what it was. */
export function endUnheard(draft: Draft): void {
  const { run } = draft.record;
  for (const instruction of run?.instructions ?? []) {
    if (!run || !isPending(instruction)) continue;
    const isOver = !isLive(run);
    if (!isOver && !isOutOfReach(run, instruction)) continue;
    instruction.unheard = { at: draft.now };
    const what = isOver ? `Run ${run.id}` : quoteCode(instruction.task ?? '');
    note(draft, 'not_instructed', `nobody heard ${instruction.id}`, { instruction: instruction.id });
    settleReceipt(
      draft,
      instruction.receiptId,
      'refused',
      `No agent heard that: ${what} came to its end before one could. Say it again if it is still wanted when one works.`,
    );
  }
}

/** Nothing is left that the agents it is for could work on. */
function isOutOfReach(run: Run, { task: key }: Instruction): boolean {
  if (key === undefined) return false;
  const task = findTask(run, key);
  return !task || isDone(task);
}
