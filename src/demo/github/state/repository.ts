import type { Git } from '../git/git.ts';
import type { Role } from './account.ts';
import type { CheckRun, CheckSuite, CommitStatus } from './check.ts';
import type { Comment, Issue, Label } from './issue.ts';

export interface RequiredCheck {
  readonly context: string;
  /** Only a check run of this App counts. Null: any App, and commit statuses too. */
  readonly appId: number | null;
}

export interface Protection {
  /** Which of GitHub's two kinds of protection it is; they are read by different routes. */
  readonly source: { readonly kind: 'classic' } | { readonly kind: 'ruleset'; readonly rulesetId: number };
  readonly requiredChecks: readonly RequiredCheck[];
  /** The head must contain the base's tip. */
  readonly strict: boolean;
  readonly enforceAdmins: boolean;
  readonly requiredApprovals: number;
  /** Merges go through a queue, and through nothing else. */
  readonly hasMergeQueue: boolean;
}

/** A pull request in a merge queue, and the commit that would be put on the branch with it. */
export interface QueueEntry {
  readonly number: number;
  /** The base branch. */
  readonly branch: string;
  /** Of the queue's commit, without `refs/heads/`. */
  readonly ref: string;
  /** What that commit stands on: the base branch, or the commit of the one before it. */
  readonly base: string;
  readonly head: string;
  readonly pullHead: string;
  readonly addedBy: string;
}

/** Everything about a repository except its commits and refs, which are only in its bare repository. */
export interface Repository {
  readonly id: number;
  owner: string;
  name: string;
  fullName: string;
  /** The bare repository. */
  readonly git: Git;
  readonly isPrivate: boolean;
  readonly takesDrafts: boolean;
  readonly description: string | null;
  readonly defaultBranch: string;
  /** Set for a fork. */
  readonly parentId?: number;
  readonly createdAt: number;
  updatedAt: number;
  pushedAt: number;
  nextNumber: number;
  /** By login. The owner is admin without an entry. */
  readonly roles: Map<string, Role>;
  readonly labels: Label[];
  /** By number; pull requests included. */
  readonly issues: Map<number, Issue>;
  /** By id. */
  readonly comments: Map<number, Comment>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly checkSuites: Map<number, CheckSuite>;
  readonly statuses: CommitStatus[];
  /** By branch name. */
  readonly protection: Map<string, Protection>;
  /** By base branch. */
  readonly queues: Map<string, QueueEntry[]>;
  /** Somebody is merging from a queue. */
  isQueueBusy: boolean;
}
