/** A delivery that the sweep has given up: it is shown to the operator among the dead letters, and asked for again on request. */
export interface LostDelivery {
  readonly guid: string;
  /** The newest attempt of GitHub, which is the one that can be made again. */
  readonly attemptId: number;
  /** Such as `issue_comment.created`. */
  readonly what: string;
  readonly attempts: number;
  readonly why: string;
  /** Of its first attempt, epoch ms, by GitHub's clock. */
  readonly at: number;
}

/** Over all processes and restarts. Every method may throw ExternalError{system:'redis'}. */
export interface LostDeliveries {
  keep(lost: LostDelivery): Promise<void>;
  /** Oldest first; of those that GitHub can deliver no more nothing is kept. */
  list(): Promise<readonly LostDelivery[]>;
  /** It is asked for again by whoever sweeps next. False when it is not known, or asked for already. */
  askAgain(guid: string): Promise<boolean>;
  /** Those that somebody wants to be asked for again. */
  listAsked(): Promise<readonly LostDelivery[]>;
  /** It was asked for again, or it arrived. */
  forget(guid: string): Promise<void>;
}
