// `/pilot retry`: a person's version of what the pilot decides. Where the attempts of a task are used up it grants exactly
// one more, and the record says so.

import { findNearestName } from '../command/nearest-name.ts';
import { type HeldState, isLive, type Run, type Task, toPhase } from '../model/run.ts';
import { findOpenQuestion } from '../question/list-questions.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderAwaiting } from '../reply/render-awaiting.ts';
import { findOpenRound } from '../review/find-open-round.ts';
import { type Draft, note, settleReceipt } from './draft.ts';
import { applyGoing, type Going, planGoing } from './go-on.ts';
import { toHeldState } from './hold.ts';
import { isBetweenPlans } from './plan-anew.ts';
import { requestResume } from './request-resume.ts';
import { startAgain } from './start-again.ts';
import { findTask } from './task-state.ts';

interface Retry {
  readonly receiptId: string;
  readonly login: string;
  /** Without one: everything that failed. */
  readonly task: string | undefined;
}

export function requestRetry(draft: Draft, retry: Retry): void {
  const { run } = draft.record;
  const settle = (state: 'done' | 'refused', reply: string) => settleReceipt(draft, retry.receiptId, state, reply);
  if (!run) return settle('refused', 'No run was started here yet.');
  // Where no task failed but the run did, such as by a conflict with the base, all of it is tried again.
  if (retry.task === undefined && run.state.kind === 'failed' && listFailed(run).length === 0)
    return requestResume(draft, retry.receiptId, retry.login);
  const where = readPosition(run);
  if (typeof where === 'string') return settle('refused', where);
  const wanted = chooseTasks(run, retry.task);
  if (typeof wanted === 'string') return settle('refused', wanted);
  const isWorking = toPhase(run.state) === 'working';
  const retried = wanted.filter((task) => !isUnderWay(task) && !(isWorking && task.state.kind === 'pending'));
  if (retried.length === 0) return settle('done', `${listKeys(wanted)} is not finished yet: it goes on by itself.`);
  const going = planGoing(run, where.position, {
    retried: new Set(retried.map(({ key }) => key)),
    skipped: new Map(),
    by: retry.login,
  });
  const now = retried.filter((task) => isInOpenBatch(run, where.position, task));
  const running = retried.filter((task) => now.includes(task) || going.ahead.flat().includes(task.key));
  if (running.length === 0) return settle('refused', renderLost(run, retried));
  const sentence = renderRetry(running, going);
  if (toPhase(run.state) === 'resting') {
    return startAgain(draft, run, { ...retry, going, sentence, otherwise: 'None of that could run.' });
  }
  note(draft, 'retry', `@${retry.login}: ${sentence}`);
  applyGoing(run, going, `@${retry.login}`);
  for (const task of now) task.state = { kind: 'pending' };
  if (run.state.kind === 'paused') {
    const isBuilding = run.state.back.kind === 'executing';
    if (!isBuilding) run.state = { ...run.state, back: { kind: 'executing', phase: 'attempting' } };
    return settle('done', `${sentence} Run ${run.id} is held: \`/${run.policy.slash} resume\` goes on.`);
  }
  settle('done', sentence);
}

interface Position {
  /** Undefined for a run that rests. */
  readonly position: HeldState | undefined;
}

/** Where a run is that may be told to try again, or why it may not. */
export function readPosition(run: Run): Position | string {
  if (run.finishing) return `Run ${run.id} is being finished; ask again when it rests.`;
  if (isLive(run) && findOpenRound(run))
    return `A round of fixes of run ${run.id} is under way; ask again when that has ended.`;
  if (isBetweenPlans(run) && toPhase(run.state) !== 'final')
    return `The plan of run ${run.id} was given up, and what is left has no newer one yet; ask again when it has.`;
  switch (toPhase(run.state)) {
    case 'final':
      return `Run ${run.id} is over for good.`;
    case 'resting':
      return { position: undefined };
    case 'held': {
      const position = 'back' in run.state ? run.state.back : undefined;
      return position === undefined || position.kind === 'awaiting_approval' ? renderAwaiting(run) : { position };
    }
    case 'working': {
      const position = toHeldState(run.state);
      return position?.kind === 'executing'
        ? { position }
        : `Run ${run.id} is ${run.state.kind}; ask again when that has ended.`;
    }
  }
}

/** The named task, or everything that did not succeed; a sentence where neither makes sense. */
function chooseTasks(run: Run, key: string | undefined): Task[] | string {
  if (key === undefined) {
    const failed = listFailed(run);
    return failed.length > 0 ? failed : 'Nothing failed here that could be tried again.';
  }
  const task = findTask(run, key);
  if (!task) return renderUnknown(run, key);
  if (task.fixes !== undefined)
    return `${quoteCode(key)} is a round of fixes; \`/${run.policy.slash} fix\` begins another one.`;
  if (task.state.kind === 'anchored' && !isLive(run))
    return `${quoteCode(key)} is built and not merged yet; \`/${run.policy.slash} resume\` goes on with it.`;
  if (task.state.kind === 'replaced') return `${quoteCode(key)} was replaced by a newer plan and cannot run any more.`;
  if (task.state.kind === 'merged') return `${quoteCode(key)} is merged already.`;
  if (task.state.kind === 'reported') return `${quoteCode(key)} has reported already; another look is another run.`;
  const question = findOpenQuestion(run, key);
  if (question)
    return `${quoteCode(key)} waits for an answer to ${quoteCode(question.id)}: \`/${run.policy.slash} answer ${question.id} <text>\` gives one.`;
  if (task.state.kind === 'conflicted')
    return `${quoteCode(key)} contradicts ${quoteCode(task.state.with)}: say which one is wanted and run again.`;
  return [task];
}

function listFailed(run: Run): Task[] {
  const planned = run.tasks.filter(({ fixes }) => fixes === undefined);
  return planned.filter(({ state }) => ['failed', 'rolled_back', 'merge_blocked'].includes(state.kind));
}

export function renderUnknown(run: Run, key: string): string {
  const keys = run.tasks.map((task) => task.key);
  const nearest = findNearestName(key, keys);
  const hint = nearest === undefined ? '' : ` Did you mean ${quoteCode(nearest)}?`;
  const known =
    keys.length === 0 ? 'there is no plan yet' : `its tasks are ${keys.map((one) => quoteCode(one)).join(', ')}`;
  return `Run ${run.id} has no task ${quoteCode(key)}; ${known}.${hint}`;
}

/** Somebody works on it, or it is built and waits to be merged. */
export function isUnderWay({ state }: Task): boolean {
  return state.kind === 'running' || state.kind === 'anchored' || state.kind === 'awaiting_amendment';
}

function renderLost(run: Run, tasks: readonly Task[]): string {
  const open = new Set(
    run.tasks.filter(({ state }) => !['merged', 'reported'].includes(state.kind)).map(({ key }) => key),
  );
  const on = tasks.flatMap(({ dependsOn }) => dependsOn.filter((key) => open.has(key))).map((key) => quoteCode(key));
  return `${listKeys(tasks)} cannot run: it depends on ${[...new Set(on)].join(', ')}, which did not succeed.`;
}

/** It failed while others of its batch still work: it starts again beside them. */
function isInOpenBatch(run: Run, position: HeldState | undefined, task: Task): boolean {
  return position?.kind === 'executing' && (run.ahead[0]?.includes(task.key) ?? false);
}

function listKeys(tasks: readonly Task[]): string {
  return tasks.map(({ key }) => quoteCode(key)).join(', ');
}

function renderRetry(retried: readonly Task[], { granted }: Going): string {
  const more = granted.map((key) => quoteCode(key)).join(', ');
  const extra = granted.length === 0 ? '' : ` One attempt more than the policy gives is granted to ${more}.`;
  return `${listKeys(retried)} ${retried.length === 1 ? 'is' : 'are'} tried again.${extra}`;
}
