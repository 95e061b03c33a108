// Events that could not be decided on and were set aside: listed, and put back when what was wrong is mended.
import { type Answer, toAnswer, toProblem } from './answer.ts';
import { type AdminPorts, type Call, readLimit } from './call.ts';

const lettersAtMost = 200;

export async function listDeadLetters({ store }: AdminPorts, call: Call): Promise<Answer> {
  return toAnswer({ deadLetters: await store.listParked(readLimit(call, lettersAtMost)) });
}

/** Needs no key: an event that is parked no more cannot be put back twice. */
export async function replayDeadLetter({ store }: AdminPorts, { params }: Call): Promise<Answer> {
  const id = params['id'] ?? '';
  if (!(await store.replayParked(id))) return toProblem('not_found', 'No event is parked under this id.');
  return toAnswer({ id, state: 'replayed' });
}
