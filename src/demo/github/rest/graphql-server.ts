// GraphQL, as far as the bot speaks it: one query, answered as GitHub's published schema says. Every other one is said not
// to be there.
import { editsQuery } from '../../../github/edits-query.ts';
import { findRepository } from '../state/find.ts';
import type { Issue } from '../state/issue.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { iso, isoOrNull } from '../view/format.ts';
import { allows, reaches } from './authorize.ts';
import type { Caller } from './call.ts';
import { type Result, runExchange } from './exchange.ts';
import type { Answer } from './route.ts';

interface Asked {
  readonly query?: unknown;
  readonly variables?: { readonly owner?: unknown; readonly name?: unknown; readonly number?: unknown };
}

export async function answerGraphql(world: World, request: Request): Promise<Result> {
  // Whatever it is, a query that is not the known one is refused.
  const asked = (await request.json()) as Asked;
  const entry = world.addRequest({
    at: world.now(),
    method: request.method,
    path: '/api/graphql',
    transport: 'graphql',
    template: '/api/graphql',
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
    isWrite: false,
    perform: async (caller) => answer(world, asked, caller),
    renderRefusal: ({ status, message }) => ({
      status: status === 401 ? 401 : 200,
      body: { errors: [{ message }], message },
    }),
  });
}

function answer(world: World, { query, variables }: Asked, caller: Caller): Answer {
  if (query !== editsQuery) return { status: 501, body: { message: 'Not implemented here: this GraphQL query' } };
  if (caller.kind === 'none' || caller.kind === 'app') throw new Refusal(401, 'Bad credentials');
  const repository = findRepository(world, `${variables?.owner}/${variables?.name}`);
  if (!repository || (caller.kind === 'installation' && !reaches(caller, repository))) throw notFound();
  const issue = repository.issues.get(Number(variables?.number));
  const permission = issue?.pull ? 'pull_requests' : 'issues';
  if (caller.kind === 'installation' && !allows(caller.token.permissions, permission, 'read'))
    throw new Refusal(403, 'Resource not accessible by integration');
  if (!issue) throw notFound();
  return { status: 200, body: { data: { repository: { issueOrPullRequest: toView(issue) } } } };
}

function toView({ createdAt, editedAt, events }: Issue) {
  const labelled = events.flatMap(({ kind, at, actor, label }) =>
    kind === 'labeled' ? [{ createdAt: iso(at), actor: { login: actor }, label: { name: label?.name } }] : [],
  );
  const renamed = events.flatMap(({ kind, at }) => (kind === 'renamed' ? [{ createdAt: iso(at) }] : []));
  return {
    createdAt: iso(createdAt),
    lastEditedAt: isoOrNull(editedAt),
    renamed: { nodes: renamed.slice(-1) },
    labelled: { nodes: labelled.slice(-50) },
  };
}
