// The API port: REST, the few GraphQL documents of the bot, git and the few pages a browser needs for setting an App up, on one Hono application.
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { World } from '../state/world.ts';
import { browserRoutes } from './browser-routes.ts';
import type { Result } from './exchange.ts';
import { answerGit, parseGitPath } from './git-server.ts';
import { answerGraphql } from './graphql-server.ts';
import { createRestServer } from './rest-server.ts';

type Bindings = { Bindings: HttpBindings };

export function createApiApp(world: World): Hono<Bindings> {
  const rest = createRestServer(world);
  const app = new Hono<Bindings>();
  app.all('/api/v3/*', async (context) => send(await rest(context.req.raw), context.env));
  app.all('/api/v3', async (context) => send(await rest(context.req.raw), context.env));
  app.post('/api/graphql', async (context) => send(await answerGraphql(world, context.req.raw), context.env));
  app.use(async (context, next) => {
    const path = parseGitPath(new URL(context.req.url).pathname);
    if (!path) return next();
    return send(await answerGit(world, context.req.raw, path), context.env);
  });
  app.route('/', browserRoutes(world));
  app.get('*', (context, next) => {
    const wantsPage = context.req.header('accept')?.includes('text/html') === true;
    return wantsPage ? Promise.resolve(context.redirect(`${world.pageOrigin}${context.req.path}`)) : next();
  });
  app.all('*', (context) => unimplemented(world, context.req.raw));
  return app;
}

async function send(result: Result, { incoming }: HttpBindings): Promise<Response> {
  if (result === 'cut') {
    incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  if (result === 'silence') {
    // Until the client goes away, or the server's end closes the connection.
    await new Promise((resolve) => incoming.socket.once('close', resolve));
    return RESPONSE_ALREADY_SENT;
  }
  const { status, headers, text, body } = result;
  if (text) return new Response(bytesOf(text.content), { status, headers: { ...headers, 'content-type': text.type } });
  const json = body === undefined ? null : JSON.stringify(body);
  const type = json === null ? {} : { 'content-type': 'application/json; charset=utf-8' };
  return new Response(json, { status, headers: { ...headers, ...type } });
}

function bytesOf(content: string | Uint8Array): string | Uint8Array<ArrayBuffer> {
  return typeof content === 'string' ? content : new Uint8Array(content);
}

/** Outside REST, GraphQL and git nothing else exists: said, and logged for the test to fail on. */
function unimplemented(world: World, request: Request): Response {
  const path = new URL(request.url).pathname;
  const body = { message: `Not implemented here: ${request.method} ${path}` };
  world.addRequest({
    at: world.now(),
    method: request.method,
    path,
    transport: 'browser',
    template: null,
    token: 'none',
    caller: null,
    accept: request.headers.get('accept') ?? '',
    requestBody: undefined,
    status: 501,
    responseHeaders: {},
    responseBody: body,
    durationMs: 0,
  });
  return Response.json(body, { status: 501 });
}
