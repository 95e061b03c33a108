// What agents ask people: when a question is asked, and how it ends other than by an answer. The run goes on with everything
// else of its batch; only where nothing else is left it is held.

import { toSeen } from '../model/record.ts';
import type { AttemptOutcome } from '../model/result.ts';
import type { Run, Task } from '../model/run.ts';
import { listOpenQuestions } from '../question/list-questions.ts';
import { type Draft, note, toRevision } from './draft.ts';
import { findTask } from './task-state.ts';

export function askPeople(
  draft: Draft,
  run: Run,
  task: Task,
  { question, otherwise, transcript }: Extract<AttemptOutcome, { kind: 'asked' }>,
): void {
  const asked = run.questions ?? [];
  const id = `${run.id}-q${asked.length + 1}`;
  const { now } = draft;
  const until = now + run.policy.questionMs;
  const told = otherwise === undefined ? {} : { otherwise };
  const revision = toRevision(draft);
  run.questions = [
    ...asked,
    { id, task: task.key, text: question, ...told, askedAt: now, until, transcript, revision },
  ];
  draft.urgency = 'now';
  note(draft, 'asked', `${task.key} asks people: ${id}`, { task: task.key, question: id });
}

/** The time to answer runs from when it can be read: while GitHub is away nobody lets a question pass. */
export function startQuestions(draft: Draft): void {
  const { run } = draft.record;
  if (!run) return;
  const seen = toSeen(draft.record);
  for (const question of listOpenQuestions(run)) {
    if (question.shownAt !== undefined || seen < question.revision) continue;
    question.shownAt = draft.now;
    // What was shown at once keeps the moment that it names.
    if (draft.now - question.askedAt < run.policy.questionMs / 10) continue;
    question.until = draft.now + run.policy.questionMs;
    question.revision = toRevision(draft);
  }
}

/** Nobody answered in time: the task goes on with what its agent said, or is given up. */
export function expireQuestions(draft: Draft): void {
  const { run } = draft.record;
  if (!run) return;
  for (const question of listOpenQuestions(run)) {
    if (question.shownAt === undefined || question.until > draft.now) continue;
    const task = findTask(run, question.task);
    question.end = { kind: 'unanswered', at: draft.now };
    question.revision = toRevision(draft);
    draft.urgency = 'now';
    const isGivenUp = question.otherwise === undefined;
    const next = isGivenUp ? 'is given up' : 'goes on with what its agent said';
    note(draft, 'unanswered', `nobody answered ${question.id}: ${question.task} ${next}`, { question: question.id });
    if (isGivenUp && task) task.state = { kind: 'failed', cause: { kind: 'unanswered', question: question.id } };
  }
}

/** However it came about: what no task waits for any more is no question to anybody. */
export function withdrawQuestions(draft: Draft): void {
  const { run } = draft.record;
  if (!run) return;
  for (const question of listOpenQuestions(run)) {
    if (isAwaited(run, findTask(run, question.task))) continue;
    question.end = { kind: 'withdrawn', at: draft.now };
    question.revision = toRevision(draft);
    draft.urgency = 'now';
    note(draft, 'withdrawn', `${question.id} is withdrawn: ${question.task} does not wait for it any more`);
  }
}

function isAwaited(run: Run, task: Task | undefined): boolean {
  const where = 'back' in run.state ? run.state.back : run.state;
  return where.kind === 'executing' && !run.finishing && task?.state.kind === 'pending';
}

/** When the next question is open no longer. */
export function momentOfQuestion(run: Run): number | undefined {
  const moments = listOpenQuestions(run).flatMap(({ shownAt, until }) => (shownAt === undefined ? [] : [until]));
  return moments.length === 0 ? undefined : Math.min(...moments);
}
