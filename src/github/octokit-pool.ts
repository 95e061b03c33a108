// One authenticated client per installation. Tokens are made, cached and renewed by @octokit/auth-app.
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
  /** Acts as the installation that owns the repository. */
  of(repository: Pick<Repository, 'installationId'>): Octokit;
  /** Acts as the App itself, for what only it may do (narrowed tokens, the delivery log). */
  readonly app: Octokit;
}

const requestMs = 30_000;

export function createOctokitPool(identity: AppIdentity): OctokitPool {
  const clients = new Map<number, Octokit>();
  const open = (auth: object) =>
    new Octokit({
      authStrategy: createAppAuth,
      auth: { appId: identity.appId, privateKey: identity.privateKey, ...auth },
      baseUrl: identity.apiUrl,
      userAgent: 'gatepilot',
      request: { fetch: fetchWithLimit },
      // Failures are values or typed errors for our callers; octokit's own logger would only repeat them.
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
  const app = open({});
  return {
    appId: identity.appId,
    app,
    of(repository) {
      const known = clients.get(repository.installationId);
      if (known) return known;
      const client = open({ installationId: repository.installationId });
      clients.set(repository.installationId, client);
      return client;
    },
  };
}

/** A request that never ends would hold its action for ever. */
const fetchWithLimit: typeof fetch = (input, init) => {
  const limit = AbortSignal.timeout(requestMs);
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
};
