// A route: GitHub's own path template, who may call it, and what answers.
import type { Role } from '../state/account.ts';
import type { Call, RepositoryCall } from './call.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Answer {
  readonly status: number;
  /** Becomes JSON. */
  readonly body?: unknown;
  /** Instead of `body`. */
  readonly text?: { readonly content: string | Uint8Array; readonly type: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a route of a repository needs: a permission of the App's token, or a role of the person. */
export interface RepositoryNeed {
  /** Any one of them. `issue`: `issues`, or `pull_requests` when the number or comment belongs to a pull request. */
  readonly permissions: readonly string[] | 'issue';
  readonly level: 'read' | 'write';
  readonly role: Role;
}

export type Need =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'app' }
  | { readonly kind: 'installation' }
  | { readonly kind: 'person' }
  | { readonly kind: 'repository'; readonly need: RepositoryNeed };

export interface Route {
  readonly method: Method;
  readonly template: string;
  readonly need: Need;
  readonly handle: (call: Call) => Promise<Answer> | Answer;
  /** Instead of `handle`, for routes under `/repos/{owner}/{repo}`. */
  readonly handleRepository?: (call: RepositoryCall) => Promise<Answer> | Answer;
}

export function route(
  pattern: `${Method} /${string}`,
  kind: 'nobody' | 'app' | 'installation' | 'person',
  handle: Route['handle'],
): Route {
  return { ...parsePattern(pattern), need: { kind }, handle };
}

const notReached = () => {
  throw new Error('a repository route is handled with its repository');
};

/** The rest of the template below `/repos/{owner}/{repo}`. */
export function repositoryRoute(
  pattern: `${Method} ${string}`,
  need: RepositoryNeed,
  handleRepository: (call: RepositoryCall) => Promise<Answer> | Answer,
): Route {
  const { method, template } = parsePattern(pattern);
  return {
    method,
    template: `/repos/{owner}/{repo}${template}`,
    need: { kind: 'repository', need },
    handle: notReached,
    handleRepository,
  };
}

function parsePattern(pattern: string): { method: Method; template: string } {
  const [method = '', template = ''] = pattern.split(' ');
  // The pattern's type admits only these methods.
  return { method: method as Method, template };
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export const noContent: Answer = { status: 204 };

/** The common needs. A person needs at least the role. */
export const needs = {
  metadata: { permissions: ['metadata'], level: 'read', role: 'read' },
  readContents: { permissions: ['contents'], level: 'read', role: 'read' },
  writeContents: { permissions: ['contents'], level: 'write', role: 'write' },
  /** Of the whole repository, pull requests included. */
  readIssues: { permissions: ['issues', 'pull_requests'], level: 'read', role: 'read' },
  readIssue: { permissions: 'issue', level: 'read', role: 'read' },
  /** What everybody who can read may do: open, comment, react. */
  writeIssue: { permissions: 'issue', level: 'write', role: 'read' },
  labelIssue: { permissions: 'issue', level: 'write', role: 'triage' },
  readPulls: { permissions: ['pull_requests'], level: 'read', role: 'read' },
  writePulls: { permissions: ['pull_requests'], level: 'write', role: 'read' },
  readChecks: { permissions: ['checks'], level: 'read', role: 'read' },
  writeChecks: { permissions: ['checks'], level: 'write', role: 'write' },
  readStatuses: { permissions: ['statuses'], level: 'read', role: 'read' },
  writeStatuses: { permissions: ['statuses'], level: 'write', role: 'write' },
  triage: { permissions: ['issues', 'pull_requests'], level: 'write', role: 'triage' },
  readAdministration: { permissions: ['administration'], level: 'read', role: 'admin' },
} as const satisfies Readonly<Record<string, RepositoryNeed>>;
