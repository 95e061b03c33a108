// What agents ask, as people read it. Every text in it was written by an agent next to hostile code: it stands in a fence that it
// cannot end, where nothing is a mention, a link or a command.
import type { Question } from '../model/question.ts';
import type { Run } from '../model/run.ts';
import { listOpenQuestions } from '../question/list-questions.ts';
import { fence } from '../sanitise/fence.ts';
import { quoteCode, quoteInline, quoteName } from './quote-inline.ts';
import { renderMoment } from './render-moment.ts';

/** A comment of its own, so that somebody is told. */
export function renderQuestion(run: Run, question: Question): string {
  const { id, task, text, end } = question;
  const parts = [
    `**Question ${quoteCode(id)}** of the agent that works on ${quoteCode(task)}:`,
    fence(text),
    ...(end ? renderEnd(question, end) : renderHow(run, question)),
  ];
  // Once is enough: whoever edits a comment notifies nobody anyway.
  const address = end || run.startedBy.kind === 'bot' ? '' : `@${run.startedBy.login} `;
  return `${address}${parts.join('\n\n')}`;
}

function renderHow({ policy: { slash } }: Run, { id, until, otherwise }: Question): string[] {
  const how = `Answer with \`/${slash} answer ${id} <your answer>\`; that takes write permission, and the first answer counts.`;
  const moment = renderMoment(until);
  return otherwise === undefined
    ? [`${how} Without one by ${moment} the task is given up.`]
    : [`${how} Without one by ${moment} it goes on with this:`, fence(otherwise)];
}

function renderEnd({ otherwise }: Question, end: NonNullable<Question['end']>): string[] {
  switch (end.kind) {
    case 'answered':
      return [`**Answered** by ${quoteName(end.by)}:`, fence(end.text)];
    case 'unanswered':
      return otherwise === undefined
        ? ['**Closed:** nobody answered in time, and the task is given up.']
        : ['**Closed:** nobody answered in time, so it goes on with this:', fence(otherwise)];
    case 'withdrawn':
      return ['**Withdrawn:** the task does not wait for an answer any more.'];
  }
}

/** That the run waits, for what, and what people can say. */
export function renderWaiting(run: Run): string {
  const open = listOpenQuestions(run);
  const ids = open.map(({ id }) => quoteCode(id)).join(', ');
  const [first] = open;
  if (!first) return '';
  const { slash } = run.policy;
  const moment = renderMoment(Math.min(...open.map(({ until }) => until)));
  return `**Waiting for an answer** to ${ids}: \`/${slash} answer ${first.id} <text>\` gives one. Without any, what stands beside the question happens at ${moment}.`;
}

/** All that was asked in the run, for the comment that tells its story. */
export function renderQuestions({ questions = [] }: Run): string {
  if (questions.length === 0) return '';
  const lines = questions.map(
    (question) =>
      `- ${quoteCode(question.id)} of ${quoteCode(question.task)}: ${quoteInline(question.text, 300)} ${renderShort(question)}`,
  );
  return `### Questions\n\n${lines.join('\n')}`;
}

function renderShort({ until, otherwise, end }: Question): string {
  const instead = otherwise === undefined ? 'the task is given up' : `it goes on with: ${quoteInline(otherwise, 200)}`;
  switch (end?.kind) {
    case undefined:
      return `**Open** until ${renderMoment(until)}; then ${instead}`;
    case 'answered':
      return `**Answered** by ${quoteName(end?.by ?? '')}: ${quoteInline(end?.text ?? '', 300)}`;
    case 'unanswered':
      return `**Nobody answered**; ${instead}`;
    case 'withdrawn':
      return '**Withdrawn.**';
  }
}
