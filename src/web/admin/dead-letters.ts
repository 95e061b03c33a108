// Events that could not be decided on and deliveries that never arrived: listed, and put back when what was wrong is mended.
import { type Answer, toAnswer, toProblem } from './answer.ts';
import { type AdminPorts, type Call, readLimit } from './call.ts';

const lettersAtMost = 200;

export async function listDeadLetters({ deadLetters }: AdminPorts, call: Call): Promise<Answer> {
  const letters = await deadLetters.list(readLimit(call, lettersAtMost));
  return toAnswer({ deadLetters: letters.map((letter) => ({ ...letter, replay: toReplayPath(letter.id) })) });
}

/** Needs no key: an event that is parked no more cannot be put back twice. */
export async function replayDeadLetter({ deadLetters }: AdminPorts, { params }: Call): Promise<Answer> {
  const id = params['id'] ?? '';
  if (!(await deadLetters.replay(id))) return toProblem('not_found', 'Nothing is set aside under this id.');
  return toAnswer({ id, state: 'replayed' });
}

/** Ids hold signs that mean something in an address. */
function toReplayPath(id: string): string {
  return `/api/dead-letters/${encodeURIComponent(id)}/replay`;
}
