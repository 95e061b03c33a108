// `/pilot answer`: what an agent asked is answered once. Whoever says the same again is told that it is known, and whoever says
// something else who was first.
import type { Question } from '../model/question.ts';
import type { Run } from '../model/run.ts';
import { listOpenQuestions } from '../question/list-questions.ts';
import { quoteCode, quoteInline, quoteName } from '../reply/quote-inline.ts';
import { renderMoment } from '../reply/render-moment.ts';
import { redact } from '../sanitise/redact.ts';
import { sanitiseText } from '../sanitise/sanitise-text.ts';
import { withdrawQuestions } from './ask-people.ts';
import { type Draft, note, settleReceipt, toRevision } from './draft.ts';

interface Answer {
  readonly receiptId: string;
  readonly login: string;
  readonly question: string;
  readonly text: string;
}

const answerChars = 4_000;

export function requestAnswer(draft: Draft, { receiptId, login, question: id, text }: Answer): void {
  // What was said before it in the same look may have ended what the question was about.
  withdrawQuestions(draft);
  const { run } = draft.record;
  const settle = (state: 'done' | 'refused', reply: string) => settleReceipt(draft, receiptId, state, reply);
  if (!run) return settle('refused', 'No run was started here yet.');
  const question = run.questions?.find((one) => one.id === id);
  if (!question) return settle('refused', renderUnknown(run, id));
  // What is not seen on GitHub is no part of what somebody said, and no key is told to anybody.
  const said = redact(sanitiseText(text).text).text.trim();
  const { end } = question;
  if (end?.kind === 'answered' && end.text === said)
    return settle('done', `${quoteCode(id)} was answered with exactly that already, by ${quoteName(end.by)}.`);
  if (end) return settle('refused', renderEnded(question, end));
  if (said === '') return settle('refused', 'Nothing of that answer can be seen, so it was not taken.');
  if (said.length > answerChars)
    return settle('refused', `That answer has ${said.length} characters; an agent is told at most ${answerChars}.`);
  question.end = { kind: 'answered', at: draft.now, by: login, text: said };
  question.revision = toRevision(draft);
  note(draft, 'answered', `@${login} answered ${id}`, { question: id, task: question.task });
  const next =
    run.state.kind === 'paused' || run.pausing
      ? `Run ${run.id} is held: \`/${run.policy.slash} resume\` goes on.`
      : `${quoteCode(question.task)} goes on with it.`;
  settle('done', `${quoteCode(id)} is answered. ${next}`);
}

function renderEnded({ id, task }: Question, end: NonNullable<Question['end']>): string {
  switch (end.kind) {
    case 'answered':
      return `${quoteName(end.by)} answered ${quoteCode(id)} before, with: ${quoteInline(end.text, 300)} The first answer is the one that counts; nothing was changed.`;
    case 'unanswered':
      return `${quoteCode(id)} was open until ${renderMoment(end.at)} and nobody had answered: that answer comes too late, and nothing was changed.`;
    case 'withdrawn':
      return `${quoteCode(id)} was withdrawn, since ${quoteCode(task)} did not wait for it any more: nothing was changed.`;
  }
}

function renderUnknown(run: Run, id: string): string {
  const open = listOpenQuestions(run).map((question) => quoteCode(question.id));
  const known = open.length === 0 ? 'no question is open here' : `open are: ${open.join(', ')}`;
  return `Run ${run.id} has no question ${quoteCode(id)}; ${known}.`;
}
