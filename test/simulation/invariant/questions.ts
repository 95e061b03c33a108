// What agents ask people: a question ends once, by somebody who may end it, and nothing of its task works meanwhile.
import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../../../src/core/model/run.ts';
import type { Book } from './book.ts';

export function checkQuestions(book: Book, before: Run | undefined, after: Run | undefined): void {
  if (!after) return;
  for (const question of after.questions ?? []) {
    const { id, task, end, until } = question;
    const earlier = before?.id === after.id ? before.questions?.find((one) => one.id === id) : undefined;
    if (earlier?.end) book.demand(isDeepStrictEqual(earlier.end, end), `${id} ended twice`);
    if (end?.kind === 'answered') book.demand(end.by === 'maria', `${id} was answered by ${end.by}, who may not`);
    if (end?.kind === 'unanswered') book.demand(end.at >= until, `${id} was closed before its time`);
    const isWorking = after.tasks.some(({ key, state }) => key === task && state.kind === 'running');
    book.demand(end !== undefined || !isWorking, `${task} works while it is not known what ${id} is answered`);
    note(book, end?.kind);
  }
}

function note({ met }: Book, end: 'answered' | 'unanswered' | 'withdrawn' | undefined): void {
  if (end === undefined) met.add('people were asked something');
  if (end === 'answered') met.add('a question was answered');
  if (end === 'unanswered') met.add('nobody answered a question');
  if (end === 'withdrawn') met.add('a question was withdrawn');
}
