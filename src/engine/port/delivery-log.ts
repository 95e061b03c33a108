import type { Actor } from '../../core/model/actor.ts';
import type { Repository } from '../../core/model/subject.ts';

/** One attempt of GitHub to deliver a webhook to us. Every attempt of the same delivery has the same guid. */
export interface DeliveryAttempt {
  readonly id: number;
  readonly guid: string;
  /** Epoch ms, by GitHub's clock. */
  readonly at: number;
  /** We answered that it is kept. */
  readonly isOk: boolean;
  /** Such as `issue_comment.created`. */
  readonly what: string;
}

export interface DeliveryPage {
  /** Newest first. */
  readonly attempts: readonly DeliveryAttempt[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
  /** Epoch ms, by GitHub's clock: ours may differ. */
  readonly readAt: number;
}

/** A comment as the webhook of its creation would have told it. */
export interface ListedComment {
  readonly commentId: number;
  /** Absent: in the conversation. What reviews say is in no list that tells whether it was edited. */
  readonly place?: 'line';
  readonly body: string;
  readonly actor: Actor;
  readonly association: string;
  readonly createdAt: number;
  readonly isEdited: boolean;
  readonly isOurs: boolean;
}

export interface RepositoryComment extends ListedComment {
  readonly thread: number;
  readonly isPullRequest: boolean;
}

/** Up to when comments are known to have arrived, over all processes and restarts. */
export interface DeliveryLedger {
  /** Epoch ms, by GitHub's clock; undefined before the first round ever. */
  readHeardUntil(): Promise<number | undefined>;
  keepHeardUntil(moment: number): Promise<void>;
}

/** What GitHub remembers of what it told us, or should have. Every method may throw ExternalError{system:'github'}. */
export interface DeliveryLogPort {
  list(from?: string): Promise<DeliveryPage>;
  /** Asks GitHub to deliver it once more; it comes as a webhook, with the same guid. */
  redeliver(id: number): Promise<void>;
  /** Comments written or edited since (epoch ms), oldest first. */
  listComments(repository: Repository, number: number, since: number): Promise<readonly ListedComment[]>;
  /** The same beside lines of what a pull request changes. */
  listLineComments(repository: Repository, number: number, since: number): Promise<readonly ListedComment[]>;
  /** Both of all threads of a repository; none where it is gone. */
  listRepositoryComments(repository: Repository, since: number): Promise<readonly RepositoryComment[]>;
}
