import type { Octokit } from '@octokit/rest';
import type { GitHubPort, ThreadComment } from '../engine/port/github.ts';
import { isOurLogin, readSlug } from './app-slug.ts';
import { askGraphql } from './ask-graphql.ts';
import { call, callOnKnown, callOrAbsent } from './call.ts';
import { editsQuery, toEdits } from './edits-query.ts';
import type { OctokitPool } from './octokit-pool.ts';
import { pageSize, readPages } from './read-pages.ts';

type ThreadApi = Pick<
  GitHubPort,
  | 'readThread'
  | 'readEdits'
  | 'listComments'
  | 'readComment'
  | 'createComment'
  | 'updateComment'
  | 'deleteComment'
  | 'listLabels'
  | 'addLabel'
  | 'removeLabel'
>;

type CommentData = Awaited<ReturnType<Octokit['rest']['issues']['listComments']>>['data'][number];

/** More than this many comments are not read: a thread is input, not an archive. */
const commentPagesAtMost = 10;

export function createThreadApi(pool: OctokitPool): ThreadApi {
  const listComments: ThreadApi['listComments'] = async (repository, number, since) => {
    const { owner, name: repo } = repository;
    const octokit = pool.of(repository);
    const slug = await readSlug(pool);
    const newer = since === undefined ? {} : { since: new Date(since).toISOString() };
    return await readPages(commentPagesAtMost, async (page) => {
      const { data } = await call('list comments', () =>
        octokit.rest.issues.listComments({ owner, repo, issue_number: number, per_page: pageSize, page, ...newer }),
      );
      return data.map((comment) => toComment(comment, { appId: pool.appId, slug }));
    });
  };
  return {
    listComments,

    async readThread(repository, number) {
      const { owner, name: repo } = repository;
      const { data } = await call('read the issue', () =>
        pool.of(repository).rest.issues.get({ owner, repo, issue_number: number }),
      );
      return {
        number,
        title: data.title,
        body: data.body ?? '',
        author: data.user?.login ?? 'ghost',
        isOurs: isOurLogin(data.user, await readSlug(pool)),
        state: data.state === 'closed' ? 'closed' : 'open',
        labels: data.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
        comments: await listComments(repository, number),
      };
    },

    async readEdits(repository, number) {
      const { owner, name } = repository;
      const answer = await call('read when the issue was edited', () =>
        askGraphql(pool.of(repository), editsQuery, { owner, name, number }),
      );
      return toEdits(answer);
    },

    async readComment(repository, commentId) {
      const { owner, name: repo } = repository;
      const answer = await callOrAbsent('read a comment', () =>
        pool.of(repository).rest.issues.getComment({ owner, repo, comment_id: commentId }),
      );
      return answer && toComment(answer.data, { appId: pool.appId, slug: await readSlug(pool) });
    },

    async createComment(repository, number, body) {
      const { owner, name: repo } = repository;
      const { data } = await call('post a comment', () =>
        pool.of(repository).rest.issues.createComment({ owner, repo, issue_number: number, body }),
      );
      return data.id;
    },

    async updateComment(repository, commentId, body) {
      const { owner, name: repo } = repository;
      await callOnKnown('edit a comment', () =>
        pool.of(repository).rest.issues.updateComment({ owner, repo, comment_id: commentId, body }),
      );
    },

    async deleteComment(repository, commentId) {
      const { owner, name: repo } = repository;
      await callOrAbsent('delete a comment', () =>
        pool.of(repository).rest.issues.deleteComment({ owner, repo, comment_id: commentId }),
      );
    },

    async listLabels(repository, number) {
      const { owner, name: repo } = repository;
      const { data } = await call('list labels', () =>
        pool.of(repository).rest.issues.listLabelsOnIssue({ owner, repo, issue_number: number, per_page: 100 }),
      );
      return data.map(({ name }) => name);
    },

    async addLabel(repository, number, label) {
      const { owner, name: repo } = repository;
      await call('add a label', () =>
        pool.of(repository).rest.issues.addLabels({ owner, repo, issue_number: number, labels: [label] }),
      );
    },

    async removeLabel(repository, number, label) {
      const { owner, name: repo } = repository;
      await callOrAbsent('remove a label', () =>
        pool.of(repository).rest.issues.removeLabel({ owner, repo, issue_number: number, name: label }),
      );
    },
  };
}

function toComment(comment: CommentData, { appId, slug }: { appId: number; slug: string }): ThreadComment {
  return {
    id: comment.id,
    author: comment.user?.login ?? 'ghost',
    isOurs: comment.performed_via_github_app?.id === appId || isOurLogin(comment.user, slug),
    isBot: comment.user?.type === 'Bot',
    body: comment.body ?? '',
    createdAt: Date.parse(comment.created_at),
    editedAt: Date.parse(comment.updated_at),
  };
}
