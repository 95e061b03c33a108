import type { Action } from '../model/action.ts';
import { type Cause, isTransient } from '../model/cause.ts';
import type { AttemptOutcome } from '../model/result.ts';
import type { Run, Task } from '../model/run.ts';
import { mayAsk } from '../question/list-questions.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderCause } from '../reply/render-cause.ts';
import { findOpenRound } from '../review/find-open-round.ts';
import { askAmendment } from './ask-amendment.ts';
import { askPeople } from './ask-people.ts';
import { hasAttemptInBatch } from './attempts-in-batch.ts';
import { type Draft, note } from './draft.ts';
import { findSameAttempt } from './find-same-attempt.ts';
import { handOn } from './take-checkpointed.ts';
import { findTask } from './task-state.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

export function takeAttempt(draft: Draft, run: Run, action: Action, outcome: AttemptOutcome): void {
  if (action.kind !== 'attempt') return;
  const task = findTask(run, action.task);
  const attempt = task?.attempts.find(
    (candidate) => candidate.number === action.number && (candidate.action ?? action.id) === action.id,
  );
  if (!task || !attempt || task.state.kind !== 'running') return;
  attempt.endedAt = draft.now;
  attempt.spend = outcome.spend;
  const { checkpoint } = attempt;
  delete attempt.checkpoint;
  draft.urgency = draft.urgency === 'now' ? 'now' : 'soon';
  if (outcome.kind === 'stopped') {
    // The attempt was ended from outside and says nothing about the task: it does not count.
    task.attempts = task.attempts.filter((candidate) => candidate !== attempt);
    task.state = { kind: 'pending' };
    if (outcome.reason === 'handover') {
      handOn(draft, task.key, checkpoint);
      note(
        draft,
        'handed_over',
        `attempt ${attempt.number} of ${task.key} is handed over: its worker is being replaced`,
      );
    }
    return;
  }
  if (outcome.kind === 'failed' && isFaultOfTheWorld(outcome)) {
    // Nothing was tried yet, so nothing is counted: it is asked for again after a pause, a bounded number of times.
    task.attempts = task.attempts.filter((candidate) => candidate !== attempt);
    task.state = { kind: 'pending' };
    // Once the run does something else, such as reading what a person merged, it is no trouble of it any more.
    if (run.state.kind === 'executing') recordTrouble(draft, run, `attempt of ${task.key}`, outcome.cause);
    return;
  }
  clearTrouble(run, `attempt of ${task.key}`);
  if (outcome.kind === 'asked') {
    if (!mayAsk(run, task.key)) return failTask(draft, run, { task, attempt, cause: tooMany });
    // It is made once more with the answer, and counts then. What ends the run meanwhile ends the question as well.
    task.attempts = task.attempts.filter((candidate) => candidate !== attempt);
    task.state = { kind: 'pending' };
    if (run.state.kind === 'executing' && !run.finishing) askPeople(draft, run, task, outcome);
    return;
  }
  attempt.summary = outcome.summary;
  if ('stat' in outcome && outcome.stat) attempt.stat = outcome.stat;
  if ('patch' in outcome && outcome.patch !== undefined) attempt.patch = outcome.patch;
  if (outcome.transcript !== undefined) attempt.transcript = outcome.transcript;
  if (outcome.phases) attempt.phases = outcome.phases;
  if (outcome.packet !== undefined) attempt.packet = outcome.packet;
  if (outcome.workflow !== undefined) attempt.workflow = outcome.workflow;
  if (outcome.steps !== undefined) attempt.steps = outcome.steps;
  if (outcome.setup) run.setup = outcome.setup;
  const round = findOpenRound(run);
  if (outcome.input && round?.task === task.key) round.input = outcome.input;
  if (outcome.kind === 'anchored') {
    if (outcome.cutShort) attempt.cutShort = outcome.cutShort;
    const { commit, tree, bundle, paths, stat, verify } = outcome;
    task.state = { kind: 'anchored', contribution: { commit, tree, bundle, paths, stat, verify } };
    delete task.kept;
    note(draft, 'anchored', `${task.key} is done in attempt ${attempt.number}`, { task: task.key, commit });
    if (attempt.repair && outcome.repair) noteRepair(draft, task, Object.assign(attempt.repair, outcome.repair));
    return;
  }
  if (outcome.kind === 'reported') {
    const { report, findings, omitted, isListed, unread, unheard, unjudged, unplaced, unseen, isPartial, depth } =
      outcome;
    task.state = {
      ...{ kind: 'reported', report, findings, omitted, isListed, unread, unheard },
      ...(unjudged === undefined ? {} : { unjudged }),
      ...(unplaced === undefined ? {} : { unplaced }),
      ...(unseen === undefined ? {} : { unseen }),
      ...(isPartial ? { isPartial } : {}),
      ...(depth ? { depth } : {}),
    };
    const confirmed = findings.filter(({ status }) => status === 'confirmed').length;
    return note(
      draft,
      'reported',
      `${task.key} reports ${findings.length + omitted} findings, ${confirmed} confirmed`,
      {
        task: task.key,
        report,
      },
    );
  }
  if (outcome.kind === 'contract_blocked') return waitForAmendment(draft, run, task, outcome);
  failTask(draft, run, { task, attempt, cause: outcome.cause });
}

const tooMany: Cause = { kind: 'agent_gave_up', why: 'it asked once more, and may not ask anything any more' };

function failTask(
  draft: Draft,
  run: Run,
  { task, attempt, cause }: { task: Task; attempt: Task['attempts'][number]; cause: Cause },
): void {
  attempt.cause = cause;
  // A conflict is repaired once; after that the work is done anew on what is there now.
  if (!isTransient(cause)) delete task.kept;
  const same = findSameAttempt(task, attempt);
  if (same) attempt.sameAs = same.number;
  const isTriedAgain = !same && isTriedAgainInBatch(run, task, cause);
  task.state = isTriedAgain ? { kind: 'pending' } : { kind: 'failed', cause };
  const plainly = same ? ` Attempt ${same.number} came to the same, so it is not tried again as it is.` : '';
  note(draft, 'attempt_failed', `attempt ${attempt.number} of ${task.key} failed: ${renderCause(cause)}${plainly}`, {
    task: task.key,
    cause,
  });
}

/** It stays inside what is its own but for one contract: the rest is kept, unverified, until that is amended. */
function waitForAmendment(
  draft: Draft,
  run: Run,
  task: Task,
  outcome: Extract<AttemptOutcome, { kind: 'contract_blocked' }>,
): void {
  const { contract, owner, wish, commit, tree, bundle, paths, stat } = outcome;
  const attempt = task.attempts.at(-1);
  if (attempt) attempt.cause = { kind: 'contract_blocked', path: contract, owner };
  delete task.kept;
  const contribution = { commit, tree, bundle, paths, stat, verify: { tree, commands: [] } };
  askAmendment(draft, run, task, { paths: [contract], owner, wish, contribution });
}

function noteRepair(draft: Draft, task: Task, repair: NonNullable<Task['attempts'][number]['repair']>): void {
  const list = (paths: readonly string[]) => paths.map((path) => quoteCode(path)).join(', ');
  const also = repair.secondary.length > 0 ? `, and ${list(repair.secondary)} with it` : '';
  const gone = repair.removed.length > 0 ? `; what it added besides is taken away: ${list(repair.removed)}` : '';
  note(draft, 'repaired', `the conflict of ${task.key} in ${list(repair.paths)} is repaired${also}${gone}`, {
    task: task.key,
    ...repair,
  });
}

/** Something outside failed before the agent had used anything. Whose workers died time after time may itself be why. */
function isFaultOfTheWorld(outcome: Extract<AttemptOutcome, { kind: 'failed' }>): boolean {
  const { cause, spend } = outcome;
  if (cause.kind === 'infrastructure' && cause.system === 'worker') return false;
  return spend.inputTokens === 0 && ['infrastructure', 'model_unavailable', 'model_refused'].includes(cause.kind);
}

const hopeless: readonly Cause['kind'][] = [
  'sandbox_denied',
  'setup',
  'hook_refused',
  'budget',
  'model_refused',
  'context_overflow',
  'resource_missing',
  'nothing_admitted',
  'nothing_red',
];

function isTriedAgainInBatch(run: Run, task: Task, cause: Cause): boolean {
  return hasAttemptInBatch(run, task) && !hopeless.includes(cause.kind);
}
