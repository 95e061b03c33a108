import type { Question } from '../model/question.ts';
import type { Run } from '../model/run.ts';

/** Questions that people may still answer, the oldest first. */
export function listOpenQuestions({ questions = [] }: Run): Question[] {
  return questions.filter(({ end }) => end === undefined);
}

/** What a task waits for before it is tried again. */
export function findOpenQuestion(run: Run, task: string): Question | undefined {
  return listOpenQuestions(run).find((question) => question.task === task);
}

/** What was asked for this task, and came to something that its next attempt can go on with. */
export function listSettledQuestions({ questions = [] }: Run, task: string): Question[] {
  return questions.filter(
    ({ task: own, isOutdated, end }) =>
      own === task && !isOutdated && (end?.kind === 'answered' || end?.kind === 'unanswered'),
  );
}

/** An agent that was told twice what is wanted is not helped by a third time. */
const perTask = 2;

/** Whether an attempt at this task may still ask something. */
export function mayAsk({ reads, questions = [], policy }: Run, task: string): boolean {
  if (reads || questions.length >= policy.maxQuestions) return false;
  // What was withdrawn told nobody anything.
  const told = questions.filter(
    ({ task: own, isOutdated, end }) => own === task && !isOutdated && end?.kind !== 'withdrawn',
  );
  return told.length < perTask;
}
