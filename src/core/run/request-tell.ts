// `/pilot tell`: what somebody says to the agents of a run. It is kept in the record; whoever works hears of it at the next safe
// point, and every later attempt in its prompt. The command ends when the first agent has heard it, or when none can any more.
import { type Run, toPhase } from '../model/run.ts';
import { listOpenQuestions } from '../question/list-questions.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { redact } from '../sanitise/redact.ts';
import { sanitiseText } from '../sanitise/sanitise-text.ts';
import { type Draft, note, settleReceipt } from './draft.ts';
import { renderUnknown } from './request-retry.ts';
import { findTask, isDone } from './task-state.ts';

interface Told {
  readonly receiptId: string;
  readonly login: string;
  readonly text: string;
  readonly task: string | undefined;
}

/** Every one is in every prompt from then on. */
const instructionsAtMost = 20;
const instructionChars = 4_000;

export function requestTell(draft: Draft, { receiptId, login, text, task }: Told): void {
  const { run } = draft.record;
  const refuse = (reply: string) => settleReceipt(draft, receiptId, 'refused', reply);
  if (!run) return refuse(renderArchived(draft.record) ?? 'No run was started here yet.');
  const obstacle = findObstacle(run) ?? (task === undefined ? undefined : findObstacleOf(run, task));
  if (obstacle !== undefined) return refuse(obstacle);
  const { text: seen, removed } = sanitiseText(text);
  // What is not seen on GitHub is no part of what somebody said, and no key is told to anybody.
  const said = redact(seen).text.trim();
  if (said === '') return refuse('Nothing of that can be seen, so nobody was told.');
  if (said.length > instructionChars)
    return refuse(`That has ${said.length} characters; agents are told at most ${instructionChars} at once.`);
  const before = run.instructions ?? [];
  const inForce = before.filter(({ unheard }) => unheard === undefined);
  if (inForce.length >= instructionsAtMost)
    return refuse(
      `The agents of run ${run.id} are told ${inForce.length} things already, which is the most: edit the issue and start again with what still holds.`,
    );
  const id = `${run.id}-i${before.length + 1}`;
  const only = task === undefined ? {} : { task };
  run.instructions = [...before, { id, receiptId, at: draft.now, by: login, text: said, ...only, heard: [] }];
  draft.tells = true;
  const whom = task === undefined ? 'the agents' : `the agent of ${task}`;
  note(draft, 'instruction', `@${login} told ${whom}: ${id}`, { instruction: id, ...only, text: said });
  const stripped = removed.reduce((sum, { count }) => sum + count, 0);
  const reply = [renderStripped(stripped), renderWhen(run)].filter((part) => part !== '').join(' ');
  settleReceipt(draft, receiptId, 'started', reply === '' ? undefined : reply);
}

/** Why nobody would ever hear it. */
function findObstacle(run: Run): string | undefined {
  const { id, state, policy } = run;
  if (state.kind === 'stopping') return `Run ${id} is being stopped: nobody would hear that.`;
  if (state.kind === 'merging') return `Run ${id} is being merged: no agent works for it who could hear that.`;
  switch (toPhase(state)) {
    case 'resting':
      return `Run ${id} rests: no agent works for it who could hear that. Where something is left to do, \`/${policy.slash} resume\` goes on with it; say it again then.`;
    case 'final':
      return `Run ${id} is over for good: no agent works for it who could hear that.`;
    default:
      return undefined;
  }
}

function findObstacleOf(run: Run, key: string): string | undefined {
  const task = findTask(run, key);
  if (!task) return renderUnknown(run, key);
  return isDone(task)
    ? `${quoteCode(key)} is ${task.state.kind} already: no agent works on it who could hear that.`
    : undefined;
}

/** Like all that people write, and as they are told of it there. */
function renderStripped(count: number): string {
  if (count === 0) return '';
  return `Hidden pieces of it are told to nobody: ${count}.`;
}

/** Where it takes more than the next seconds. */
function renderWhen(run: Run): string {
  const { id, state } = run;
  const { slash } = run.policy;
  switch (state.kind) {
    case 'planning':
      return `Kept: run ${id} is being planned, and its agents are told when they start.`;
    case 'awaiting_approval':
      return `Kept: the plan of run ${id} waits for an approval, and its agents are told when they start.`;
    case 'paused':
      return state.cause || state.lookAt !== undefined
        ? `Kept: run ${id} waits, and its next agent is told when it goes on.`
        : `Kept: run ${id} is paused, and its next agent is told when \`/${slash} resume\` goes on.`;
    case 'needs_input': {
      const [open] = listOpenQuestions(run);
      const how = open ? ` That answers nothing: \`/${slash} answer ${open.id} <text>\` does.` : '';
      return `Kept: run ${id} waits for an answer, and its next agent is told when it goes on.${how}`;
    }
    case 'reviewing':
      return `Kept: no agent builds anything at the moment. The next one is told, if run ${id} needs one.`;
    default:
      return '';
  }
}
