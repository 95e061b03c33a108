// A command by the API: kept once per idempotency key, decided on like any other, answered with what was decided.
import { z } from 'zod';
import type { ApiAnswer } from '../../core/model/decision.ts';
import type { Event } from '../../core/model/event.ts';
import { isImportedHost } from '../../core/model/imported-host.ts';
import { parseSubjectId, type SubjectId } from '../../core/model/subject.ts';
import type { SubmitResult } from '../../engine/port/store.ts';
import { type Answer, toAnswer, toProblem } from './answer.ts';
import { type AdminPorts, type Call, readSubjectId, unknownSubject } from './call.ts';
import { Login, readBody } from './read-body.ts';

/** Two hyphens in a row: GitHub gives nobody such a name, so nobody is mentioned by it. */
const nobody = 'gatepilot--operator';

const CommandBody = z.strictObject({
  command: z
    .string()
    .trim()
    .min(1)
    .max(4_000)
    .refine((text) => !/[\r\n]/.test(text), 'must be one line'),
  /** The login of the person who asks, for the record; it gives no authority. */
  as: Login.optional(),
});

const keyPattern = /^[\x21-\x7e]{1,200}$/;
const patienceMs = 5_000;
const pauseMs = 100;

export async function postCommand(ports: AdminPorts, call: Call): Promise<Answer | undefined> {
  const subject = readSubjectId(call);
  if (!subject) return unknownSubject;
  if (isImportedHost(parseSubjectId(subject).host))
    return toProblem('read_only', 'An imported run can be read and not changed.');
  const key = call.request.headers['idempotency-key'];
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    const text = 'The header Idempotency-Key must name this request: 1 to 200 visible ASCII characters.';
    return toProblem('idempotency_key_missing', text);
  }
  const body = await readBody(call, CommandBody);
  if (body.kind === 'wrong') return body.answer;
  return await submit(ports, call, { subject, key, ...body.value });
}

interface Command {
  readonly subject: SubjectId;
  readonly key: string;
  readonly command: string;
  readonly as?: string | undefined;
}

async function submit(ports: AdminPorts, call: Call, { subject, key, command, as }: Command): Promise<Answer> {
  const kept = toKeptKey(subject, key);
  const event: Event = { kind: 'requested', key: kept, command, actor: { id: 0, login: as ?? nobody, kind: 'person' } };
  // The same bytes in other words are another request.
  const request = { subject, key: kept, event, bodyHash: ports.hash(JSON.stringify([command, as ?? null])) };
  const result = await untilAnswered(ports, call, request);
  switch (result.kind) {
    case 'answered':
      return toAnswer(renderAnswered(subject, key, result.answer));
    case 'kept':
    case 'pending': {
      const location = `${call.request.url?.split('?')[0]}/${encodeURIComponent(key)}`;
      return toAnswer({ subject, key, state: 'pending' }, 202, { location, 'retry-after': '1' });
    }
    case 'mismatch':
      return toProblem('idempotency_key_reused', 'This Idempotency-Key was used for another request.');
    case 'unknown_subject':
      return unknownSubject;
  }
}

/** The store knows keys over all subjects; whoever asks names one for the subject in the path, however that is led on. */
function toKeptKey(subject: SubjectId, key: string): string {
  return `${subject}/${key}`;
}

/** Asking again with the same key changes nothing and tells how it stands. */
async function untilAnswered(
  { store, queue, clock, log }: AdminPorts,
  { signal }: Call,
  request: Parameters<AdminPorts['store']['submit']>[0],
): Promise<SubmitResult> {
  const end = clock.now() + patienceMs;
  let result = await store.submit(request);
  if (result.kind === 'kept' || result.kind === 'pending') {
    await queue.wake(request.subject).catch((error: unknown) => {
      log.warn({ subject: request.subject, error: String(error) }, 'a wake was not queued; the sweeper will find it');
    });
  }
  while ((result.kind === 'kept' || result.kind === 'pending') && clock.now() < end && !signal.aborted) {
    await clock.sleep(pauseMs, signal);
    result = await store.submit(request);
  }
  return result;
}

/** How a request stands that was answered with 202. */
export async function readCommand({ answers }: AdminPorts, call: Call): Promise<Answer> {
  const subject = readSubjectId(call);
  const key = call.params['key'] ?? '';
  if (!subject) return unknownSubject;
  const known = await answers.readAnswer(toKeptKey(subject, key));
  switch (known.kind) {
    case 'answered':
      return toAnswer(renderAnswered(subject, key, known.answer));
    case 'pending':
      return toAnswer({ subject, key, state: 'pending' });
    case 'unknown':
      return toProblem('not_found', 'No request is known by this key.');
  }
}

function renderAnswered(subject: SubjectId, key: string, { outcome, text }: ApiAnswer): Answer['body'] {
  return { subject, key, state: 'answered', answer: { outcome, text } };
}
