// The REST API under /api/v3: routes, media types, errors in GitHub's shape.
import { findMoved } from '../state/find.ts';
import { Refusal } from '../state/refusal.ts';
import type { RequestEntry } from '../state/request-log.ts';
import type { World } from '../state/world.ts';
import { authorizeRepository, requireKind } from './authorize.ts';
import { Call, type Caller } from './call.ts';
import { type Result, runExchange } from './exchange.ts';
import { createRouteFinder, type RouteMatch } from './match.ts';
import { RateMeter } from './rate-limit.ts';
import type { Answer } from './route.ts';
import { createRoutes } from './routes.ts';

export type RestServer = (request: Request) => Promise<Result>;

const prefix = '/api/v3';

export function createRestServer(world: World): RestServer {
  const meter = new RateMeter();
  const findRoute = createRouteFinder(createRoutes(meter));
  return async (request) => {
    const url = new URL(request.url);
    const path = withNames(world, url.pathname.slice(prefix.length) || '/');
    const match = findRoute(request.method, path);
    const body = parseBody(await request.text());
    const entry = logRequest(world, request, {
      path: `${path}${url.search}`,
      template: match?.route.template,
      body: body.value,
    });
    let caller: Caller = { kind: 'none' };
    const result = await runExchange({
      world,
      entry,
      authorization: request.headers.get('authorization') ?? undefined,
      isWrite: request.method !== 'GET' && entry.template?.startsWith('/repos/') === true,
      onCaller: (found) => {
        caller = found;
        meter.count(world, found);
      },
      perform: async (found) => {
        if (!match) return unimplemented(entry);
        const moved = findMovedTo(world, match, { request, path });
        if (moved) return moved;
        if (!body.isJson) throw new Refusal(400, 'Problems parsing JSON');
        const { parameters } = match;
        const accept = entry.accept;
        return perform(
          match,
          new Call({ world, caller: found, path, query: url.searchParams, parameters, accept, body: body.value }),
        );
      },
      renderRefusal: (refusal) => (match ? renderRefusal(refusal) : unimplemented(entry)),
    });
    if (typeof result === 'string') return result;
    const shared = { 'x-github-request-id': `LOCAL:${entry.index}`, 'x-github-media-type': 'github.v3; format=json' };
    return { ...result, headers: { ...meter.headers(world, caller), ...shared, ...result.headers } };
  };
}

/** What is below a repository is found by its id as well; redirects lead there. */
function withNames(world: World, path: string): string {
  return path.replace(/^\/repositories\/(\d+)(?=\/)/, (whole, id) => {
    const repository = world.repositories.get(Number(id));
    return repository ? `/repos/${repository.fullName}` : whole;
  });
}

/** What the repository was called before leads to what it is. */
function findMovedTo(
  world: World,
  { route, parameters: { owner, repo } }: RouteMatch,
  { request, path }: { request: Request; path: string },
): Answer | undefined {
  if (!route.template.startsWith('/repos/{owner}/{repo}') || !owner || !repo) return undefined;
  const moved = findMoved(world, `${owner}/${repo}`);
  if (!moved) return undefined;
  const isRead = request.method === 'GET';
  const rest = path
    .split('/')
    .slice(4)
    .map((part) => `/${part}`)
    .join('');
  const url = `${world.origin}${prefix}/repositories/${moved.id}${rest}${new URL(request.url).search}`;
  return {
    status: isRead ? 301 : 307,
    headers: { location: url },
    body: {
      message: isRead ? 'Moved Permanently' : 'Temporary Redirect',
      url,
      documentation_url: 'https://docs.github.com/rest',
    },
  };
}

async function perform(match: RouteMatch, call: Call): Promise<Answer> {
  const { need, handle, handleRepository } = match.route;
  if (need.kind === 'repository') {
    const repository = authorizeRepository(call, need.need);
    return (handleRepository ?? (() => handle(call)))({ call, world: call.world, repository });
  }
  requireKind(call.caller, need.kind);
  return handle(call);
}

function logRequest(
  world: World,
  request: Request,
  of: { path: string; template: string | undefined; body: unknown },
): RequestEntry {
  return world.addRequest({
    at: world.now(),
    method: request.method,
    path: of.path,
    transport: 'rest',
    template: of.template ?? null,
    token: 'none',
    caller: null,
    accept: request.headers.get('accept') ?? '',
    requestBody: of.body,
    status: null,
    responseHeaders: {},
    responseBody: undefined,
    durationMs: 0,
  });
}

/** Text that is not JSON stays text, for the log. */
function parseBody(text: string): { value: unknown; isJson: boolean } {
  if (text === '') return { value: undefined, isJson: true };
  try {
    return { value: JSON.parse(text), isJson: true };
  } catch {
    return { value: text, isJson: false };
  }
}

function unimplemented(entry: RequestEntry): Answer {
  return { status: 501, body: { message: `Not implemented here: ${entry.method} ${entry.path}` } };
}

function renderRefusal(refusal: Refusal): Answer {
  const { status, message, errors } = refusal;
  const body = {
    message,
    ...(errors ? { errors } : {}),
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  };
  return { status, body };
}
