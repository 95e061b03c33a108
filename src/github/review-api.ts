import type { GitHubPort, ReviewThread } from '../engine/port/github.ts';
import { isOurLogin, readSlug } from './app-slug.ts';
import { askGraphql } from './ask-graphql.ts';
import { call, callOnKnown } from './call.ts';
import type { OctokitPool } from './octokit-pool.ts';
import { pageSize, readPages } from './read-pages.ts';
import {
  requireResolved,
  requireUnresolved,
  resolveQuery,
  threadsQuery,
  toThreadPage,
  unresolveQuery,
} from './threads-query.ts';

type ReviewApi = Pick<
  GitHubPort,
  | 'listReviews'
  | 'createReview'
  | 'listReviewComments'
  | 'updateReviewComment'
  | 'listReviewThreads'
  | 'resolveReviewThread'
  | 'unresolveReviewThread'
>;

/** A thousand reviews of one pull request: what comes after them nobody looks for. */
const pagesAtMost = 10;

export function createReviewApi(pool: OctokitPool): ReviewApi {
  return {
    async listReviews(repository, number) {
      const { owner, name: repo } = repository;
      const slug = await readSlug(pool);
      return await readPages(pagesAtMost, async (page) => {
        const { data } = await call('list the reviews', () =>
          pool.of(repository).rest.pulls.listReviews({ owner, repo, pull_number: number, per_page: pageSize, page }),
        );
        return data.map(({ id, body, user }) => ({ id, body, isOurs: isOurLogin(user, slug) }));
      });
    },

    async createReview(repository, number, { headSha, body, remarks }) {
      const { owner, name: repo } = repository;
      const { data } = await call('review the pull request', () =>
        pool.of(repository).rest.pulls.createReview({
          owner,
          repo,
          pull_number: number,
          commit_id: headSha,
          event: 'COMMENT',
          body,
          comments: remarks.map(({ path, line, body: text }) => ({ path, line, side: 'RIGHT', body: text })),
        }),
      );
      return data.id;
    },

    async listReviewComments(repository, number) {
      const { owner, name: repo } = repository;
      const slug = await readSlug(pool);
      const on = { owner, repo, pull_number: number, per_page: pageSize };
      return await readPages(pagesAtMost, async (page) => {
        const { data } = await call('list the remarks', () =>
          pool.of(repository).rest.pulls.listReviewComments({ ...on, page }),
        );
        return data.map(
          ({ id, body, user, path, line, pull_request_review_id: reviewId, in_reply_to_id: answers }) => ({
            ...{ id, body, path, answers, isOurs: isOurLogin(user, slug) },
            author: user?.login,
            line: line ?? undefined,
            reviewId: reviewId ?? undefined,
          }),
        );
      });
    },

    async updateReviewComment(repository, commentId, body) {
      const { owner, name: repo } = repository;
      await callOnKnown('edit a remark', () =>
        pool.of(repository).rest.pulls.updateReviewComment({ owner, repo, comment_id: commentId, body }),
      );
    },

    async listReviewThreads(repository, number) {
      const { owner, name } = repository;
      const slug = await readSlug(pool);
      const threads: ReviewThread[] = [];
      let after: string | undefined;
      for (let page = 1; page <= pagesAtMost; page += 1) {
        const answer = await call('list the threads of the remarks', () =>
          askGraphql(pool.of(repository), threadsQuery, { owner, name, number, ...(after ? { after } : {}) }),
        );
        const read = toThreadPage(answer, slug);
        threads.push(...read.threads);
        after = read.next;
        if (after === undefined) break;
      }
      return threads;
    },

    async resolveReviewThread(repository, threadId) {
      const answer = await callOnKnown('resolve the thread of a remark', () =>
        askGraphql(pool.of(repository), resolveQuery, { threadId }),
      );
      requireResolved(answer);
    },

    async unresolveReviewThread(repository, threadId) {
      const answer = await callOnKnown('open the thread of a remark again', () =>
        askGraphql(pool.of(repository), unresolveQuery, { threadId }),
      );
      requireUnresolved(answer);
    },
  };
}
