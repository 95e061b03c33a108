import { Permission } from '../core/model/actor.ts';
import type { Repository } from '../core/model/subject.ts';
import { ExternalError } from '../engine/external-error.ts';
import type { GitHubPort } from '../engine/port/github.ts';
import { call, callOrAbsent } from './call.ts';
import type { OctokitPool } from './octokit-pool.ts';
import { answeredStatusOf, statusOf } from './to-external-error.ts';

type RepositoryApi = Pick<
  GitHubPort,
  | 'readPermission'
  | 'readRepository'
  | 'findSibling'
  | 'readBranch'
  | 'listBranches'
  | 'readBranchRules'
  | 'readFile'
  | 'listChanges'
  | 'listFolder'
  | 'readTree'
  | 'createGitToken'
  | 'toGitUrl'
>;

const entryKinds = { file: 'file', dir: 'folder' } as const;

function toEntryKind(type: string): 'file' | 'folder' | 'other' {
  return type === 'file' || type === 'dir' ? entryKinds[type] : 'other';
}

const siblingMs = 60_000;
const siblingsKept = 1_000;

const lookForSibling = 'look for the settings of the owner';

/** A token is refused with 422 where the installation does not cover what it is asked for: one question, and no other repository is told of. */
async function findSibling(pool: OctokitPool, repository: Repository, name: string): Promise<Repository | undefined> {
  let found: { readonly id: number; readonly name: string; readonly owner: { readonly login: string } } | undefined;
  try {
    const { data } = await pool.app.rest.apps.createInstallationAccessToken({
      installation_id: repository.installationId,
      repositories: [name],
      permissions: { metadata: 'read' },
    });
    found = data.repositories?.find((one) => one.name.toLowerCase() === name.toLowerCase());
  } catch (error) {
    if (answeredStatusOf(error) === 422) return undefined;
    return await call(lookForSibling, () => Promise.reject(error));
  }
  // An installation is on one account. One that is renamed, or whose repository went to another a moment ago, is told of soon:
  // until then nobody can say that there is nothing.
  if (found?.owner.login.toLowerCase() === repository.owner.toLowerCase())
    return { ...repository, id: found.id, owner: found.owner.login, name: found.name };
  throw new ExternalError({
    system: 'github',
    message: `${lookForSibling}: GitHub answered with another repository`,
    retry: 'soon',
  });
}

export function createRepositoryApi(pool: OctokitPool, gitRoot: string): RepositoryApi {
  const siblings = new Map<string, { readonly found: Repository | undefined; readonly at: number }>();
  const toGitUrl = ({ owner, name }: Pick<Repository, 'owner' | 'name'>) => `${gitRoot}/${owner}/${name}.git`;
  return {
    async readPermission(repository, login) {
      const { owner, name: repo } = repository;
      const answer = await callOrAbsent('read a permission', () =>
        pool.of(repository).rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: login }),
      );
      if (!answer) return 'none';
      const { role_name: role, permission } = answer.data;
      // Custom roles have names of their own; what they amount to is in `permission`.
      return Permission.catch('none').parse(Permission.safeParse(role).success ? role : permission);
    },

    async readRepository(repository) {
      const { owner, name: repo } = repository;
      const { data } = await call('read the repository', () => pool.of(repository).rest.repos.get({ owner, repo }));
      return { defaultBranch: data.default_branch, owner: data.owner.login, name: data.name, isFork: data.fork };
    },

    async findSibling(repository, name) {
      const key = `${repository.installationId}/${repository.owner}/${name}`.toLowerCase();
      const known = siblings.get(key);
      if (known && Date.now() - known.at < siblingMs) return known.found;
      const found = await findSibling(pool, repository, name);
      siblings.delete(key);
      siblings.set(key, { found, at: Date.now() });
      for (const oldest of [...siblings.keys()].slice(0, Math.max(0, siblings.size - siblingsKept)))
        siblings.delete(oldest);
      return found;
    },

    async readBranch(repository, branch) {
      const { owner, name: repo } = repository;
      try {
        const { data } = await pool.of(repository).rest.git.getRef({ owner, repo, ref: `heads/${branch}` });
        return data.object.sha;
      } catch (error) {
        // 409 is how GitHub says that the repository has no commit at all.
        if (statusOf(error) === 404 || statusOf(error) === 409) return undefined;
        return await call('read a branch', () => Promise.reject(error));
      }
    },

    async listBranches(repository, prefix) {
      const { owner, name: repo } = repository;
      const { data } = await call('list branches', () =>
        pool.of(repository).rest.git.listMatchingRefs({ owner, repo, ref: `heads/${prefix}` }),
      );
      return data.map(({ ref, object }) => ({ name: ref.slice('refs/heads/'.length), head: object.sha }));
    },

    async readBranchRules(repository, branch) {
      const { owner, name: repo } = repository;
      const answer = await callOrAbsent('read the rules of a branch', () =>
        pool.of(repository).rest.repos.getBranchRules({ owner, repo, branch, per_page: 100 }),
      );
      if (!answer) return undefined;
      return {
        hasMergeQueue: answer.data.some(({ type }) => type === 'merge_queue'),
        wantsUpToDate: answer.data.some(
          (rule) =>
            rule.type === 'required_status_checks' && rule.parameters?.strict_required_status_checks_policy === true,
        ),
      };
    },

    async readFile(repository, path, ref) {
      const { owner, name: repo } = repository;
      const answer = await callOrAbsent(`read ${path}`, () =>
        pool.of(repository).rest.repos.getContent({ owner, repo, path, ref }),
      );
      if (!answer || Array.isArray(answer.data) || answer.data.type !== 'file' || answer.data.encoding !== 'base64')
        return undefined;
      return Buffer.from(answer.data.content, 'base64').toString('utf8');
    },

    async listChanges(repository, path, { from, limit }) {
      const { owner, name: repo } = repository;
      const { data } = await call(`read the past of ${path}`, () =>
        pool.of(repository).rest.repos.listCommits({ owner, repo, path, sha: from, per_page: limit }),
      );
      return data.map(({ sha }) => sha);
    },

    async listFolder(repository, path, ref) {
      const { owner, name: repo } = repository;
      const answer = await callOrAbsent(`list ${path}`, () =>
        pool.of(repository).rest.repos.getContent({ owner, repo, path, ref }),
      );
      if (!answer || !Array.isArray(answer.data)) return undefined;
      return answer.data.map((entry) => ({ path: entry.path, kind: toEntryKind(entry.type) }));
    },

    async readTree(repository, commit) {
      const { owner, name: repo } = repository;
      const { data } = await call('read a commit', () =>
        pool.of(repository).rest.git.getCommit({ owner, repo, commit_sha: commit }),
      );
      return data.tree.sha;
    },

    async createGitToken(repository, access) {
      const { data } = await call('make a token for git', () =>
        pool.app.rest.apps.createInstallationAccessToken({
          installation_id: repository.installationId,
          repository_ids: [repository.id],
          permissions: { contents: access, metadata: 'read' },
        }),
      );
      // Renamed or transferred, it is under another address, and git follows no redirect.
      const now = data.repositories?.find(({ id }) => id === repository.id);
      const url = now && toGitUrl({ owner: now.owner.login, name: now.name });
      return { username: 'x-access-token', password: data.token, ...(url ? { url } : {}) };
    },

    toGitUrl,
  };
}
