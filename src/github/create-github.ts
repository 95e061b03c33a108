import type { GitHubPort } from '../engine/port/github.ts';
import { readSlug } from './app-slug.ts';
import { createCheckApi } from './check-api.ts';
import { createGitDataApi } from './git-data-api.ts';
import { type AppIdentity, createOctokitPool } from './octokit-pool.ts';
import { createPullApi } from './pull-api.ts';
import { createReactionApi } from './reaction-api.ts';
import { createRepositoryApi } from './repository-api.ts';
import { createReviewApi } from './review-api.ts';
import { createThreadApi } from './thread-api.ts';

/** `gitRoot` is where git finds repositories by owner and name: https://github.com, or the Enterprise server's root. */
export function createGitHub(identity: AppIdentity & { readonly gitRoot: string }): GitHubPort {
  const pool = createOctokitPool(identity);
  return {
    readSlug: () => readSlug(pool),
    ...createRepositoryApi(pool, identity.gitRoot),
    ...createGitDataApi(pool),
    ...createThreadApi(pool),
    ...createPullApi(pool),
    ...createReactionApi(pool),
    ...createReviewApi(pool),
    ...createCheckApi(pool),
  };
}
