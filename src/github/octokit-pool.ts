// One authenticated client per repository, whose tokens are for that repository alone: what leaks or goes astray cannot
// reach another one of the same installation. Tokens are made, cached and renewed by @octokit/auth-app.
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { Repository } from '../core/model/subject.ts';
import { type TokenScope, useRepositoryToken } from './use-repository-token.ts';

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
/** Clients of repositories that were used last. */
const clientsKept = 500;

export function createOctokitPool(identity: AppIdentity): OctokitPool {
  const clients = new Map<string, Octokit>();
  const open = (options: ConstructorParameters<typeof Octokit>[0] = {}) =>
    new Octokit({
      ...options,
      baseUrl: identity.apiUrl,
      userAgent: 'gatepilot',
      request: { fetch: fetchWithLimit },
      // Failures are values or typed errors for our callers; octokit's own logger would only repeat them.
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
  const authenticate = (auth: object) => ({
    authStrategy: createAppAuth,
    auth: { appId: identity.appId, privateKey: identity.privateKey, ...auth },
  });
  const app = open(authenticate({}));
  const tokens = createAppAuth({ appId: identity.appId, privateKey: identity.privateKey, request: app.request });
  const openNarrowed = (scope: TokenScope): Octokit => {
    const client = open();
    useRepositoryToken(client, tokens, scope);
    return client;
  };
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
    app,
    of: ({ installationId, id }) =>
      take(`${installationId}/${id}`, () => openNarrowed({ installationId, repositoryId: id })),
    ofInstallation: (installationId) => take(`${installationId}`, () => open(authenticate({ installationId }))),
  };
}

/** A request that never ends would hold its action for ever. */
const fetchWithLimit: typeof fetch = (input, init) => {
  const limit = AbortSignal.timeout(requestMs);
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
};
