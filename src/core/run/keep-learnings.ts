// What the pilot says it learned. Observed is only what the output of a command supports, in words that stand there; that
// reaches other agents of this run. Everything else is what a model thinks: kept for people, and told to no model.
import type { Learning } from '../model/learning.ts';
import type { Run } from '../model/run.ts';
import type { BoundaryPatch, Observation } from '../pilot/boundary-patch.ts';
import { MIN_QUOTE_CHARS } from '../pilot/decision-limits.ts';
import { stripHidden } from '../pilot/quote-data.ts';
import { findTask } from './task-state.ts';

/** More than one run can use; what comes later is still kept for people. */
const learningsAtMost = 20;

export function keepLearnings(
  run: Run,
  { learnings, observations }: Pick<BoundaryPatch, 'learnings' | 'observations'>,
): void {
  run.inferences.push(...learnings);
  for (const observation of observations) {
    const learning = toLearning(run, observation);
    const known = run.learnings ?? [];
    if (known.some(({ text }) => text === observation.text)) continue;
    if (learning && known.length < learningsAtMost) run.learnings = [...known, learning];
    else run.inferences.push(observation.text);
  }
}

function toLearning(run: Run, { text, task: key, quote }: Observation): Learning | undefined {
  const wanted = flatten(quote);
  if (wanted.length < MIN_QUOTE_CHARS) return undefined;
  const task = findTask(run, key);
  for (const { number, cause } of task?.attempts.toReversed() ?? []) {
    const failures = cause && 'failures' in cause ? cause.failures : [];
    // What a command was given to say is no output of what it looked at.
    const found = failures.find(
      ({ output, command }) => flatten(output).includes(wanted) && !flatten(command).includes(wanted),
    );
    if (!found) continue;
    const { command, log } = found;
    return { text, quote, task: key, attempt: number, command, ...(log === undefined ? {} : { log }) };
  }
  return undefined;
}

/** As the pilot sees it: without colours and whatever else nobody sees. */
function flatten(text: string): string {
  return stripHidden(text).replace(/\s+/g, ' ').trim();
}
