// GraphQL says no inside of a 200. It becomes the failure that REST would have answered with, so that there is one place
// that knows what each means for trying again.
import { RequestError } from '@octokit/request-error';
import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { ExternalError } from '../engine/external-error.ts';

/** As @octokit/graphql throws it. */
const Refused = z.object({
  name: z.literal('GraphqlResponseError'),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.undefined()])),
  errors: z
    .array(
      z.object({
        type: z.string().optional(),
        message: z.string(),
        extensions: z.object({ code: z.string().optional() }).optional(),
      }),
    )
    .min(1),
});

/** Rejects with a RequestError where GitHub said no, in whatever way. */
export async function askGraphql(
  octokit: Octokit,
  query: string,
  variables: Readonly<Record<string, string | number>>,
): Promise<unknown> {
  try {
    return await octokit.graphql(query, variables);
  } catch (error) {
    throw toRequestError(error) ?? error;
  }
}

/** Throws where GitHub answered in another shape than it says that it does. */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, answer: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ExternalError({ system: 'github', message: `${what}: GitHub answered something else`, retry: 'soon' });
}

function toRequestError(error: unknown): RequestError | undefined {
  const { data: refused } = Refused.safeParse(error);
  if (!refused) return undefined;
  const { headers, errors } = refused;
  const status = Math.max(...errors.map(toStatus));
  const message = errors.map((one) => one.message).join(' ');
  const request = { method: 'POST' as const, url: '/graphql', headers: {} };
  return new RequestError(message, status, {
    request,
    response: { status, url: request.url, headers, data: undefined },
  });
}

/** Where several things are wrong the one that passes counts most: what is there to stay is met again. */
function toStatus({ type, message, extensions }: z.infer<typeof Refused>['errors'][number]): number {
  if (type === 'RATE_LIMITED' || /\brate limit\b/i.test(message)) return 429;
  if (type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES') return 403;
  if (type === 'NOT_FOUND') return 404;
  if (type === 'UNPROCESSABLE') return 422;
  // A query that this server's schema does not allow: an older Enterprise server, say.
  if (extensions?.code !== undefined) return 422;
  // Without a type it is said that something went wrong, or took too long.
  return 502;
}
