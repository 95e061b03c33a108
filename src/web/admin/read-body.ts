// The body of a request, as what it has to be, or the answer that says what is wrong with it.
import { z } from 'zod';
import { readLimited } from '../read-limited.ts';
import { type Answer, toProblem } from './answer.ts';
import type { Call } from './call.ts';

/** Of a person who asks, for the record; it gives no authority. */
export const Login = z.string().regex(/^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}$/, 'must be a login of GitHub');

const bodyBytesAtMost = 64 * 1024;

type Body<T> = { readonly kind: 'read'; readonly value: T } | { readonly kind: 'wrong'; readonly answer: Answer };

export async function readBody<T>({ request }: Call, schema: z.ZodType<T>): Promise<Body<T>> {
  const wrong = (answer: Answer): Body<T> => ({ kind: 'wrong', answer });
  const body = await readLimited(request, bodyBytesAtMost);
  if (body === undefined) return wrong(toProblem('body_too_large', `A body has at most ${bodyBytesAtMost} bytes.`));
  const json = parseJson(body.toString('utf8'));
  if (json === undefined) return wrong(toProblem('bad_json', 'The body is no JSON.'));
  const parsed = schema.safeParse(json);
  return parsed.success
    ? { kind: 'read', value: parsed.data }
    : wrong(toProblem('bad_request', renderIssues(parsed.error)));
}

function renderIssues(error: z.ZodError): string {
  const lines = error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
  return lines.join('; ').slice(0, 500);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
