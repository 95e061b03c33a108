import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { Repository } from '../core/model/subject.ts';
import { ExternalError } from '../engine/external-error.ts';
import type { GitHubPort, PullFacts } from '../engine/port/github.ts';
import { isOurLogin, readSlug } from './app-slug.ts';
import { askGraphql } from './ask-graphql.ts';
import { call, callOnKnown } from './call.ts';
import type { OctokitPool } from './octokit-pool.ts';
import { pageSize, readPages } from './read-pages.ts';
import { readyQuery, requireReady } from './ready-query.ts';
import { statusOf } from './to-external-error.ts';

type PullApi = Pick<
  GitHubPort,
  | 'readPull'
  | 'listPullPaths'
  | 'findPull'
  | 'listOpenPulls'
  | 'listPullsOfHead'
  | 'createPull'
  | 'markReady'
  | 'updatePull'
  | 'merge'
>;
type PullData = RestEndpointMethodTypes['pulls']['get']['response']['data'];
type ListedPull = RestEndpointMethodTypes['pulls']['list']['response']['data'][number];

/** GitHub lists no more than 3000 files. */
const filePagesAtMost = 30;
/** Ten thousand open pull requests. */
const pullPagesAtMost = 100;

function toList(name: string | undefined): string[] {
  return name === undefined ? [] : [name];
}

export function createPullApi(pool: OctokitPool): PullApi {
  const findPull: PullApi['findPull'] = async (repository, branch) => {
    const { owner, name: repo } = repository;
    const { data } = await call('look for the pull request', () =>
      pool.of(repository).rest.pulls.list({ owner, repo, head: `${owner}:${branch}`, state: 'all', per_page: 10 }),
    );
    const slug = await readSlug(pool);
    const ours = data.map((pull) => toFacts(pull, repository.id, slug)).filter((pull) => pull.isOurs);
    return ours.find((pull) => pull.state === 'open') ?? ours[0];
  };
  // What GitHub lists for a commit leaves out the pull requests of forks; this list has all.
  const listOpen = async <T>(repository: Repository, take: (pull: PullFacts) => readonly T[]): Promise<T[]> => {
    const { owner, name: repo } = repository;
    const slug = await readSlug(pool);
    const found: T[] = [];
    for (let page = 1; page <= pullPagesAtMost; page += 1) {
      const { data } = await call('list the open pull requests', () =>
        pool.of(repository).rest.pulls.list({ owner, repo, state: 'open', per_page: pageSize, page }),
      );
      found.push(...data.flatMap((pull) => take(toFacts(pull, repository.id, slug))));
      if (data.length < pageSize) return found;
    }
    const message = 'list the open pull requests: there are more than can be looked through';
    throw new ExternalError({ system: 'github', message, retry: 'never' });
  };
  return {
    findPull,
    listOpenPulls: (repository) => listOpen(repository, ({ body: _, ...pull }) => [pull]),
    listPullsOfHead: (repository, head) => listOpen(repository, (pull) => (pull.headSha === head ? [pull] : [])),

    async readPull(repository, number) {
      const { owner, name: repo } = repository;
      const { data } = await call('read the pull request', () =>
        pool.of(repository).rest.pulls.get({ owner, repo, pull_number: number }),
      );
      return toFacts(data, repository.id, await readSlug(pool));
    },

    async listPullPaths(repository, number) {
      const { owner, name: repo } = repository;
      const files = await readPages(filePagesAtMost, async (page) => {
        const { data } = await call('list the files of the pull request', () =>
          pool.of(repository).rest.pulls.listFiles({ owner, repo, pull_number: number, per_page: pageSize, page }),
        );
        return data.map(({ filename, previous_filename: before }) => [filename, ...toList(before)]);
      });
      return files.flat();
    },

    async createPull(repository, pull) {
      const { owner, name: repo } = repository;
      const create = async (draft: boolean) => {
        const { data } = await pool.of(repository).rest.pulls.create({ owner, repo, ...pull, draft });
        return { number: data.number, isDraft: data.draft ?? false };
      };
      try {
        return await create(pull.draft ?? false).catch(async (error: unknown) => {
          if (!pull.draft || !isWithoutDrafts(error)) throw error;
          return await create(false);
        });
      } catch (error) {
        if (!isThereAlready(error)) return await call('open the pull request', () => Promise.reject(error));
        // One branch has one open pull request, and lists lag: it was not to be seen a moment ago.
        const known = await findPull(repository, pull.head);
        if (known) return { number: known.number, isDraft: known.isDraft };
        const message = 'open the pull request: it exists, and cannot be seen yet';
        throw new ExternalError({ system: 'github', message, retry: 'soon', cause: error });
      }
    },

    async markReady(repository, nodeId) {
      const answer = await callOnKnown('mark the pull request ready for review', () =>
        askGraphql(pool.of(repository), readyQuery, { pullRequestId: nodeId }),
      );
      requireReady(answer);
    },

    async updatePull(repository, number, change) {
      const { owner, name: repo } = repository;
      await call('edit the pull request', () =>
        pool.of(repository).rest.pulls.update({ owner, repo, pull_number: number, ...change }),
      );
    },

    async merge(repository, number, { sha, method, title, message, timeoutMs }) {
      const { owner, name: repo } = repository;
      try {
        const { data } = await pool.of(repository).rest.pulls.merge({
          owner,
          repo,
          pull_number: number,
          sha,
          // Commits that are put onto the base one by one keep their own words.
          ...(method === 'rebase' ? {} : { commit_title: title, commit_message: message }),
          merge_method: method,
          request: { signal: AbortSignal.timeout(timeoutMs) },
        });
        return { kind: 'merged', sha: data.sha };
      } catch (error) {
        const status = statusOf(error);
        if (status === 409) return { kind: 'head_moved' };
        if (status === 405 || status === 422) return { kind: 'refused', why: toReason(error) };
        return await call('merge', () => Promise.reject(error));
      }
    },
  };
}

/** Which repositories have them depends on the plan of their owner. */
function isWithoutDrafts(error: unknown): boolean {
  return (
    statusOf(error) === 422 && error instanceof Error && /draft pull requests are not supported/i.test(error.message)
  );
}

function isThereAlready(error: unknown): boolean {
  return statusOf(error) === 422 && error instanceof Error && /already exists/i.test(error.message);
}

/** GitHub's own sentence, without octokit's trailer. */
function toReason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/ - https?:\/\/\S+$/, '') : 'GitHub refused the merge';
}

function toFacts(pull: PullData | ListedPull, repositoryId: number, slug: string): PullFacts {
  return {
    number: pull.number,
    state: pull.merged_at ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    isDraft: pull.draft ?? false,
    nodeId: pull.node_id,
    headSha: pull.head.sha,
    headBranch: pull.head.ref,
    // A deleted fork leaves no repository behind the head.
    isSameRepository: pull.head.repo?.id === repositoryId,
    isOurs: isOurLogin(pull.user, slug) && pull.head.repo?.id === repositoryId,
    ...(pull.user ? { authorId: pull.user.id } : {}),
    baseBranch: pull.base.ref,
    mergeSha: pull.merge_commit_sha ?? undefined,
    title: pull.title,
    body: pull.body ?? '',
  };
}
