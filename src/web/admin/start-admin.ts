// The operator's API: on loopback and nowhere else, because nobody signs in here. Whoever may open a connection to
// this machine's loopback interface may use it.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { type Answer, sendAnswer, toProblem } from './answer.ts';
import type { AdminPorts } from './call.ts';
import { listDeadLetters, replayDeadLetter } from './dead-letters.ts';
import { findIntruder } from './find-intruder.ts';
import { findRoute, type Route } from './find-route.ts';
import { listDeletions } from './list-deletions.ts';
import { postCommand, readCommand } from './post-command.ts';
import { listAudit, postForget } from './post-forget.ts';
import { readArtifact } from './read-artifact.ts';
import { readOutcomes } from './read-outcomes.ts';
import { listSubjects, readSubject } from './read-subjects.ts';
import { createStreams, type StreamOptions, streamDefaults } from './stream-events.ts';

export interface AdminOptions extends AdminPorts {
  /** An address of loopback. */
  readonly host: string;
  readonly port: number;
  readonly streams?: Partial<StreamOptions>;
}

export interface RunningAdmin {
  readonly port: number;
  countStreams(): number;
  close(): Promise<void>;
}

const lastAnswersMs = 1_000;

export async function startAdmin(options: AdminOptions): Promise<RunningAdmin> {
  if (!isLoopback(options.host)) throw new Error(`the operator's API listens on loopback only, not on ${options.host}`);
  const streams = createStreams({ ...streamDefaults, ...options.streams });
  const routes = listRoutes(streams.handle);
  const closing = new AbortController();
  const server = createServer((request, response) => {
    void answer(options, { routes, request, response, closing: closing.signal });
  });
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo | null)?.port ?? 0,
    countStreams: streams.count,
    close: () => {
      closing.abort();
      return closeServer(server);
    },
  };
}

const subjectPath = '/api/repositories/:host/:repository/subjects/:number';

function listRoutes(streamEvents: Route['handle']): readonly Route[] {
  return [
    { method: 'GET', path: '/api/subjects', handle: listSubjects },
    { method: 'GET', path: subjectPath, handle: readSubject },
    { method: 'GET', path: `${subjectPath}/events`, handle: streamEvents },
    { method: 'POST', path: `${subjectPath}/commands`, handle: postCommand },
    { method: 'GET', path: `${subjectPath}/commands/:key`, handle: readCommand },
    { method: 'POST', path: `${subjectPath}/forget`, handle: postForget },
    { method: 'GET', path: '/api/repositories/:host/:repository/artifacts/:id', handle: readArtifact },
    { method: 'GET', path: '/api/repositories/:host/:repository/outcomes', handle: readOutcomes },
    { method: 'GET', path: '/api/audit', handle: listAudit },
    { method: 'GET', path: '/api/deletions', handle: listDeletions },
    { method: 'GET', path: '/api/dead-letters', handle: listDeadLetters },
    { method: 'POST', path: '/api/dead-letters/:id/replay', handle: replayDeadLetter },
  ];
}

interface Exchange {
  readonly routes: readonly Route[];
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly closing: AbortSignal;
}

/** Never rejects: whatever happens is answered or ends the connection. */
async function answer(options: AdminOptions, exchange: Exchange): Promise<void> {
  const { response } = exchange;
  const requestId = randomUUID();
  try {
    const given = await handle(options, exchange, requestId);
    if (given && !response.headersSent && !response.destroyed) sendAnswer(response, requestId, given);
  } catch (error) {
    options.log.error({ requestId, error: String(error) }, 'a request of the API could not be answered');
    if (response.headersSent) response.destroy();
    else sendAnswer(response, requestId, await explain(options));
  }
}

async function handle(options: AdminOptions, exchange: Exchange, requestId: string): Promise<Answer | undefined> {
  const { routes, request, response, closing } = exchange;
  const intruder = findIntruder(request);
  if (intruder) return intruder;
  const [path = '', query] = (request.url ?? '/').split('?');
  const found = findRoute(routes, request.method ?? '', path);
  if (!found) return toProblem('not_found', 'There is nothing here.');
  const left = new AbortController();
  response.once('close', () => left.abort());
  const signal = AbortSignal.any([left.signal, closing]);
  const { params } = found;
  return await found.handle(options, {
    request,
    response,
    requestId,
    params,
    query: new URLSearchParams(query),
    signal,
  });
}

/** What went wrong is in the log under the request's id; the caller learns whether trying again makes sense. */
async function explain({ store }: AdminPorts): Promise<Answer> {
  const isReady = await store.isReady().catch(() => false);
  return isReady
    ? toProblem('internal', 'Something went wrong here; the log says what.')
    : toProblem('not_ready', 'The store does not answer; please try again.');
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), lastAnswersMs).unref();
  });
}
