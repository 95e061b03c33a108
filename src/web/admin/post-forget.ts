// What is kept of a subject goes because an operator asks for it. Needs no key: what is gone cannot go twice.
import { z } from 'zod';
import { type Answer, toAnswer, toProblem } from './answer.ts';
import { type AdminPorts, type Call, readLimit, readSubjectId, unknownSubject } from './call.ts';
import { Login, readBody } from './read-body.ts';

const ForgetBody = z.strictObject({ as: Login, reason: z.string().trim().min(1).max(500).optional() });

export async function postForget({ forget }: AdminPorts, call: Call): Promise<Answer> {
  const subject = readSubjectId(call);
  if (!subject) return unknownSubject;
  const body = await readBody(call, ForgetBody);
  if (body.kind === 'wrong') return body.answer;
  const { as: actor, reason } = body.value;
  const outcome = await forget({ subject, actor, reason });
  switch (outcome.kind) {
    case 'forgotten':
      return toAnswer({ subject, state: 'forgotten' });
    case 'unknown':
      return unknownSubject;
    case 'refused':
      return toProblem('refused', outcome.why);
    case 'vetoed':
      return toProblem('vetoed', `The hook of this installation said no, and nothing was deleted: ${outcome.why}`);
  }
}

const entriesAtMost = 500;

export async function listAudit({ audit }: AdminPorts, call: Call): Promise<Answer> {
  return toAnswer({ audit: await audit.list(readLimit(call, entriesAtMost)) });
}
