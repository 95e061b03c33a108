import type { Reaction } from './issue.ts';

/** Where the head comes from. The fork it came from may be deleted later, so the names are kept. */
export interface PullHead {
  readonly repositoryId: number;
  readonly owner: string;
  readonly ref: string;
}

/**
 * What makes an issue a pull request. The head commit is not kept here: it is `refs/pull/<number>/head` in the
 * repository. `baseSha` is what GitHub reports as `base.sha`: the base's tip when the pull request was opened,
 * retargeted or last got a new head. It is not kept up to date with the base branch.
 */
export interface Pull {
  readonly id: number;
  readonly head: PullHead;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  maintainerCanModify: boolean;
  merged: { readonly sha: string; readonly at: number; readonly by: string } | null;
  /** The last computed answer, valid for one pair of head and base tip only. */
  mergeability: Mergeability | undefined;
  readonly reviews: Review[];
  readonly reviewComments: ReviewComment[];
}

export interface Mergeability {
  readonly headSha: string;
  readonly baseSha: string;
  /** The test merge commit, or undefined when there is a conflict. */
  readonly mergeCommit: string | undefined;
}

export type ReviewState = 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';

export interface Review {
  readonly id: number;
  readonly author: string;
  readonly viaAppId?: number;
  body: string;
  state: ReviewState;
  readonly commitSha: string;
  submittedAt: number | null;
}

export interface ReviewComment {
  readonly id: number;
  readonly reviewId: number;
  readonly author: string;
  readonly path: string;
  /** Lines of the file on `side`, counted from 1. */
  readonly line: number;
  readonly startLine: number | null;
  readonly side: 'LEFT' | 'RIGHT';
  readonly commitSha: string;
  readonly diffHunk: string;
  /** The comment that its thread began with; absent of that one. */
  readonly inReplyTo?: number;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly reactions: Reaction[];
  /** Who resolved the thread that began with it; null: it is open. */
  resolvedBy: string | null;
}
