// One authenticated client per repository, whose tokens are for that repository alone: what leaks or goes astray cannot
// reach another one of the same installation. Tokens are made, cached and renewed by @octokit/auth-app.
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { Repository } from '../core/model/subject.ts';

export interface AppIdentity {
  readonly appId: number;
  readonly privateKey: string;
  /** REST root: https://api.github.com, or https://HOST/api/v3 on an Enterprise server. */
  readonly apiUrl: string;
}

export interface OctokitPool {
  readonly appId: number;
  /** Acts as the installation that owns the repository, and can reach no other. */
  of(repository: Pick<Repository, 'installationId' | 'id'>): Octokit;
  /** Acts as an installation as a whole: only to list what it covers. */
  ofInstallation(installationId: number): Octokit;
  /** Acts as the App itself, for what only it may do (narrowed tokens, the delivery log). */
  readonly app: Octokit;
}

const requestMs = 30_000;
/** Clients of repositories that were used last; another one costs a request for its token. */
const clientsKept = 500;

export function createOctokitPool(identity: AppIdentity): OctokitPool {
  const clients = new Map<string, Octokit>();
  const open = (auth: object, request: typeof fetch = fetchWithLimit) =>
    new Octokit({
      authStrategy: createAppAuth,
      auth: { appId: identity.appId, privateKey: identity.privateKey, ...auth },
      baseUrl: identity.apiUrl,
      userAgent: 'gatepilot',
      request: { fetch: request },
      // Failures are values or typed errors for our callers; octokit's own logger would only repeat them.
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
  const take = (key: string, make: () => Octokit): Octokit => {
    const client = clients.get(key) ?? make();
    clients.delete(key);
    clients.set(key, client);
    for (const oldest of clients.keys()) {
      if (clients.size <= clientsKept) break;
      clients.delete(oldest);
    }
    return client;
  };
  return {
    appId: identity.appId,
    app: open({}),
    of: ({ installationId, id }) => take(`${installationId}/${id}`, () => open({ installationId }, fetchNarrowed(id))),
    ofInstallation: (installationId) => take(`${installationId}`, () => open({ installationId })),
  };
}

/** A request that never ends would hold its action for ever. */
const fetchWithLimit: typeof fetch = (input, init) => {
  const limit = AbortSignal.timeout(requestMs);
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
};

/** @octokit/auth-app cannot be told how far the tokens reach that a client makes for itself: it is said as they are asked for. */
function fetchNarrowed(repositoryId: number): typeof fetch {
  return (input, init) => {
    const isForToken = /\/app\/installations\/\d+\/access_tokens$/.test(String(input));
    if (!isForToken) return fetchWithLimit(input, init);
    const headers = new Headers(init?.headers);
    headers.set('content-type', 'application/json');
    return fetchWithLimit(input, { ...init, headers, body: JSON.stringify({ repository_ids: [repositoryId] }) });
  };
}
