// The state as JSON, for pages and tests: what a person could see on GitHub, and what its owner could see in its logs.
// No keys and no tokens. Times are ISO strings.
import type { Account, Role } from './account.ts';
import type { AppPermissions } from './app.ts';
import type { Annotation, CheckAction, CheckConclusion, CheckStatus } from './check.ts';
import type { Delivery } from './delivery.ts';
import type { Fault, Hold } from './fault.ts';
import type { Label, ReactionContent } from './issue.ts';
import type { ReviewState } from './pull.ts';
import type { Protection } from './repository.ts';
import type { RequestEntry } from './request-log.ts';

export interface ReactionSnapshot {
  readonly user: string;
  readonly content: ReactionContent;
}

export interface CommentSnapshot {
  readonly id: number;
  readonly author: string;
  readonly authorIsBot: boolean;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly reactions: readonly ReactionSnapshot[];
}

export interface IssueEventSnapshot {
  readonly id: number;
  readonly kind: string;
  readonly actor: string;
  readonly at: string;
  readonly label?: string;
  readonly detail?: string;
}

export interface IssueSnapshot {
  readonly id: number;
  readonly number: number;
  readonly author: string;
  readonly authorIsBot: boolean;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedBy: string | null;
  readonly reactions: readonly ReactionSnapshot[];
  /** Oldest first. */
  readonly comments: readonly CommentSnapshot[];
  readonly events: readonly IssueEventSnapshot[];
}

export interface ReviewSnapshot {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly state: ReviewState;
  readonly commitSha: string;
  readonly submittedAt: string | null;
  readonly comments: readonly {
    readonly id: number;
    readonly path: string;
    readonly line: number;
    readonly side: 'LEFT' | 'RIGHT';
    readonly body: string;
    /** What the thread began with that it is an answer in. */
    readonly inReplyTo: number | null;
    /** Who resolved the thread that began with it; null: it is open. */
    readonly resolvedBy: string | null;
  }[];
}

export interface CommitSnapshot {
  readonly sha: string;
  readonly message: string;
  readonly author: string;
  readonly date: string;
}

export interface PullSnapshot extends IssueSnapshot {
  readonly headOwner: string;
  readonly headRef: string;
  readonly headSha: string;
  readonly baseRef: string;
  /** The base branch's tip now; for a closed pull request the tip it was last compared with. */
  readonly baseSha: string;
  readonly draft: boolean;
  readonly fork: boolean;
  readonly merged: { readonly sha: string; readonly by: string; readonly at: string } | null;
  /** False: the two sides conflict. Null: closed. */
  readonly mergeable: boolean | null;
  /** Why a merge would be refused now; empty: it would not. */
  readonly blockedBy: readonly string[];
  /** Oldest first, without those of the base. */
  readonly commits: readonly CommitSnapshot[];
  readonly reviews: readonly ReviewSnapshot[];
  /** The check runs on the head commit. */
  readonly checks: readonly CheckSnapshot[];
}

export interface CheckSnapshot {
  readonly id: number;
  readonly name: string;
  /** Slug of the App. */
  readonly app: string;
  readonly headSha: string;
  readonly externalId: string;
  readonly detailsUrl: string | null;
  readonly status: CheckStatus;
  readonly conclusion: CheckConclusion | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly annotations: readonly Annotation[];
  readonly actions: readonly CheckAction[];
  readonly startedAt: string;
  readonly completedAt: string | null;
}

export interface RepositorySnapshot {
  readonly id: number;
  readonly fullName: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  readonly cloneUrl: string;
  readonly roles: Readonly<Record<string, Role>>;
  readonly labels: readonly Label[];
  /** Branch name to commit. */
  readonly branches: Readonly<Record<string, string>>;
  readonly protection: Readonly<Record<string, Protection>>;
  readonly issues: readonly IssueSnapshot[];
  readonly pulls: readonly PullSnapshot[];
  /** Every check run of the repository, on whatever commit. */
  readonly checks: readonly CheckSnapshot[];
}

export interface InstallationSnapshot {
  readonly id: number;
  readonly appId: number;
  readonly account: string;
  readonly repositories: 'all' | readonly number[];
  readonly permissions: AppPermissions;
}

export interface AppSnapshot {
  readonly id: number;
  readonly slug: string;
  readonly webhookUrl: string | null;
  readonly permissions: AppPermissions;
  readonly events: readonly string[];
}

export interface Snapshot {
  /** The last change this snapshot includes; follow with `readChanges({ after })`. */
  readonly change: number;
  readonly now: string;
  readonly accounts: readonly Account[];
  readonly apps: readonly AppSnapshot[];
  readonly installations: readonly InstallationSnapshot[];
  readonly repositories: readonly RepositorySnapshot[];
  readonly deliveries: readonly Delivery[];
  readonly requests: readonly RequestEntry[];
  readonly faults: readonly Omit<Fault, 'ended'>[];
  readonly holds: readonly Hold[];
}
