// GraphQL, as far as the bot speaks it: a few documents, answered as GitHub's published schema says. Every other one is said
// not to be there.

import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { editsOperation } from './edits-operation.ts';
import { type Result, runExchange } from './exchange.ts';
import type { GraphqlOperation } from './graphql-operation.ts';
import { readyOperation } from './ready-operation.ts';
import type { Answer } from './route.ts';
import { resolveOperation, threadsOperation, unresolveOperation } from './thread-operations.ts';

interface Asked {
  readonly query?: unknown;
  readonly variables?: unknown;
}

const operations: readonly GraphqlOperation[] = [
  editsOperation,
  readyOperation,
  threadsOperation,
  resolveOperation,
  unresolveOperation,
];

export async function answerGraphql(world: World, request: Request): Promise<Result> {
  // Whatever it is, a query that is not a known one is refused.
  const asked = (await request.json()) as Asked;
  const operation = operations.find(({ document }) => document === asked.query);
  const entry = world.addRequest({
    at: world.now(),
    method: request.method,
    path: '/api/graphql',
    transport: 'graphql',
    template: operation ? `/api/graphql#${operation.name}` : '/api/graphql',
    token: 'none',
    caller: null,
    accept: request.headers.get('accept') ?? '',
    requestBody: asked,
    status: null,
    responseHeaders: {},
    responseBody: undefined,
    durationMs: 0,
  });
  return await runExchange({
    world,
    entry,
    authorization: request.headers.get('authorization') ?? undefined,
    isWrite: operation?.isWrite ?? false,
    perform: async (caller): Promise<Answer> => {
      if (!operation) return { status: 501, body: { message: 'Not implemented here: this GraphQL query' } };
      if (caller.kind === 'none' || caller.kind === 'app') throw new Refusal(401, 'Bad credentials');
      return { status: 200, body: { data: await operation.perform({ world, caller, variables: asked.variables }) } };
    },
    renderRefusal,
  });
}

/** Who is not known at all is told so by the status; everything else is said inside of a 200. */
function renderRefusal({ status, message }: Refusal): Answer {
  if (status === 401) return { status, body: { message } };
  const type = status === 404 ? 'NOT_FOUND' : status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE';
  return { status: 200, body: { data: null, errors: [{ type, message }] } };
}
