// Git over HTTP at /:owner/:repo.git, with the same tokens and permissions as the REST API.
import { acceptableCommits, isHeldBack } from '../action/push-rule.ts';
import { changeRefs } from '../action/ref-change.ts';
import { type GitResponse, runHttpBackend } from '../git/http-backend.ts';
import { pushRuleEnvironment } from '../git/update-hook.ts';
import { findMoved, findRepository } from '../state/find.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { requireRole } from '../state/role.ts';
import type { World } from '../state/world.ts';
import { allows, reaches } from './authorize.ts';
import { actorOf, type Caller } from './call.ts';
import { type Result, runExchange } from './exchange.ts';
import type { Answer } from './route.ts';

const pattern = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/;

export interface GitPath {
  readonly fullName: string;
  readonly rest: string;
}

/** Undefined: not a path of git. */
export function parseGitPath(path: string): GitPath | undefined {
  const [, owner, name, rest] = pattern.exec(path) ?? [];
  return owner === undefined || name === undefined || rest === undefined
    ? undefined
    : { fullName: `${owner}/${name}`, rest };
}

export async function answerGit(world: World, request: Request, path: GitPath): Promise<Result> {
  const url = new URL(request.url);
  const service = path.rest === '/info/refs' ? url.searchParams.get('service') : path.rest.slice(1);
  const isPush = service === 'git-receive-pack';
  const body = new Uint8Array(await request.arrayBuffer());
  const entry = world.addRequest({
    at: world.now(),
    method: request.method,
    path: `${url.pathname}${url.search}`,
    transport: 'git',
    template: `/{owner}/{repo}.git${path.rest}`,
    token: 'none',
    caller: null,
    accept: '',
    requestBody: undefined,
    status: null,
    responseHeaders: {},
    responseBody: undefined,
    durationMs: 0,
  });
  return runExchange({
    world,
    entry,
    authorization: request.headers.get('authorization') ?? undefined,
    isWrite: path.rest === '/git-receive-pack',
    renderRefusal,
    perform: async (caller) => {
      const moved = findMoved(world, path.fullName);
      if (moved) {
        const location = `${world.origin}/${moved.fullName}.git${path.rest}${url.search}`;
        return { status: 301, headers: { location } };
      }
      const repository = authorize(world, { caller, fullName: path.fullName, isPush });
      const run = (environment: Readonly<Record<string, string>>) =>
        runHttpBackend(repository.git, {
          method: request.method,
          path: path.rest,
          query: url.search.slice(1),
          headers: request.headers,
          body,
          user: caller.kind === 'none' ? undefined : actorOf(caller).login,
          environment,
        });
      if (path.rest !== '/git-receive-pack') return toAnswer(await run({}));
      const actor = actorOf(caller);
      return changeRefs(world, repository, actor, async () => toAnswer(await run(rulesFor(repository, caller))));
    },
  });
}

function authorize(world: World, of: { caller: Caller; fullName: string; isPush: boolean }): Repository {
  const { caller, isPush } = of;
  const repository = findRepository(world, of.fullName);
  const missing = new Refusal(404, 'Repository not found.');
  if (caller.kind === 'none' && (isPush || !repository || repository.isPrivate)) {
    throw new Refusal(401, 'Authentication required');
  }
  if (!repository || caller.kind === 'app') throw missing;
  if (caller.kind === 'person') requireRole(repository, caller.account.login, isPush ? 'write' : 'read');
  if (caller.kind === 'installation') {
    const level = isPush ? 'write' : 'read';
    if (reaches(caller, repository)) {
      if (!allows(caller.token.permissions, 'contents', level)) throw denied(caller, repository);
    } else if (repository.isPrivate) throw missing;
    else if (isPush) throw denied(caller, repository);
  }
  return repository;
}

function denied(caller: Caller, repository: Repository): Refusal {
  return new Refusal(403, `Permission to ${repository.fullName}.git denied to ${actorOf(caller).login}.`);
}

function rulesFor(repository: Repository, caller: Caller): Readonly<Record<string, string>> {
  const protectedBranches = [...repository.protection.keys()].filter((name) =>
    isHeldBack(repository, actorOf(caller), name),
  );
  const checked = protectedBranches.filter((name) => {
    const protection = repository.protection.get(name);
    return protection !== undefined && (protection.requiredChecks.length > 0 || protection.requiredApprovals > 0);
  });
  const accepted = new Map(checked.map((name) => [name, acceptableCommits(repository, name)]));
  const refusesWorkflows = caller.kind === 'installation' && caller.token.permissions.workflows !== 'write';
  return pushRuleEnvironment({ protectedBranches, accepted, refusesWorkflows });
}

function toAnswer(response: GitResponse): Answer {
  const { 'content-type': type = 'text/plain', ...headers } = response.headers;
  return { status: response.status, text: { content: response.body, type }, headers };
}

/** Git shows the text of an answer to its user; 401 makes it ask for credentials. */
function renderRefusal(refusal: Refusal): Answer {
  const headers = refusal.status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : undefined;
  const text = { content: `${refusal.message}\n`, type: 'text/plain; charset=utf-8' };
  return { status: refusal.status, text, ...(headers ? { headers } : {}) };
}
