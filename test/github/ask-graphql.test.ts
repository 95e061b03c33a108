// What GitHub says inside of a 200 means the same for trying again as what it says by a status.
import { Octokit } from '@octokit/rest';
import { expect, it } from 'vitest';
import { askGraphql } from '../../src/github/ask-graphql.ts';
import { toExternalError } from '../../src/github/to-external-error.ts';

const now = 1_800_000_000_000;
const inTenMinutes = String(now / 1000 + 600);

/** A client whose server always gives this answer. */
function answering(body: unknown, headers: Record<string, string> = {}, status = 200): Octokit {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  const fetch = async () => new Response(JSON.stringify(body), { status, headers: { ...json, ...headers } });
  return new Octokit({ request: { fetch }, log: { debug() {}, info() {}, warn() {}, error() {} } });
}

const refused = (...errors: object[]) => ({ data: { resolveReviewThread: null }, errors });
const forbidden = {
  type: 'FORBIDDEN',
  path: ['resolveReviewThread'],
  message: 'Resource not accessible by integration',
};
const broken = { message: 'Something went wrong while executing your query.' };
const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

it.each([
  ['what the App may not', answering(refused(forbidden)), 'never'],
  ['what is not there', answering(refused({ type: 'NOT_FOUND', message: 'Could not resolve to a node' })), 'never'],
  [
    'a query that this server does not know',
    answering(refused({ message: "Field 'x' doesn't exist", extensions: { code: 'undefinedField' } })),
    'never',
  ],
  [
    'the hourly limit',
    answering(refused({ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }), {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': inTenMinutes,
    }),
    { at: now + 600_000 },
  ],
  ['a secondary limit', answering(refused({ message: secondary }), { 'retry-after': '30' }), { at: now + 30_000 }],
  [
    'a suspended installation',
    answering(refused({ ...forbidden, message: 'This installation has been suspended' })),
    {
      at: now + 1_800_000,
    },
  ],
  ['what went wrong there', answering(refused(broken)), 'soon'],
  ['what went wrong there, and what the App may not besides', answering(refused(forbidden, broken)), 'soon'],
  ['no reason at all', answering({ errors: [] }), 'soon'],
  ['no GraphQL', answering({ message: 'Not Found' }, {}, 404), 'never'],
] as const)('%s', async (_name, octokit, retry) => {
  const error = await askGraphql(octokit, 'query { viewer { login } }', {}).catch((thrown: unknown) => thrown);
  expect(toExternalError(error, 'ask', now)).toMatchObject({ system: 'github', retry });
});

it('gives what was asked for', async () => {
  await expect(askGraphql(answering({ data: { a: 1 } }), 'query { a }', {})).resolves.toEqual({ a: 1 });
});
