import type { GitHubPort } from '../engine/port/github.ts';
import { isOurLogin, readSlug } from './app-slug.ts';
import { callOrAbsent } from './call.ts';
import type { OctokitPool } from './octokit-pool.ts';

type ReactionApi = Pick<GitHubPort, 'listReactions' | 'addReaction' | 'removeReaction'>;

/** Comments of the conversation and those beside lines are counted apart, and have addresses apart. */
export function createReactionApi(pool: OctokitPool): ReactionApi {
  return {
    async listReactions(repository, { commentId, place }) {
      const { owner, name: repo } = repository;
      const { reactions } = pool.of(repository).rest;
      const on = { owner, repo, comment_id: commentId, per_page: 100 };
      const answer = await callOrAbsent('list reactions', () =>
        place === 'line' ? reactions.listForPullRequestReviewComment(on) : reactions.listForIssueComment(on),
      );
      const slug = await readSlug(pool);
      const ours = (answer?.data ?? []).filter((reaction) => isOurLogin(reaction.user, slug));
      return ours.map(({ id, content }) => ({ id, content }));
    },

    async addReaction(repository, { commentId, place }, content) {
      const { owner, name: repo } = repository;
      const { reactions } = pool.of(repository).rest;
      const on = { owner, repo, comment_id: commentId, content };
      await callOrAbsent('react', () =>
        place === 'line' ? reactions.createForPullRequestReviewComment(on) : reactions.createForIssueComment(on),
      );
    },

    async removeReaction(repository, { commentId, place }, reactionId) {
      const { owner, name: repo } = repository;
      const { reactions } = pool.of(repository).rest;
      const on = { owner, repo, comment_id: commentId, reaction_id: reactionId };
      await callOrAbsent('remove a reaction', () =>
        place === 'line' ? reactions.deleteForPullRequestComment(on) : reactions.deleteForIssueComment(on),
      );
    },
  };
}
