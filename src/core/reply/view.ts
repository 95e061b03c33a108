// What GitHub should show for a subject: rendered from the record, compared with what is there, and only the
// difference is written. So a publisher that runs twice, late or after a crash changes nothing.

export interface DesiredComment {
  readonly thread: number;
  /** The hidden first line by which the comment is found again. */
  readonly marker: string;
  readonly body: string;
  /** Tells only how far something has come: what matters more is written first. */
  readonly isProgress: boolean;
}

export interface DesiredCheck {
  readonly name: string;
  readonly headSha: string;
  /** Settles a check that stands there; where none does, none is made. */
  readonly isOnlyForKnown?: boolean;
  readonly externalId: string;
  readonly state:
    | { readonly kind: 'queued' }
    | { readonly kind: 'in_progress' }
    | {
        readonly kind: 'completed';
        readonly conclusion: 'success' | 'failure' | 'action_required' | 'timed_out' | 'cancelled';
      };
  readonly title: string;
  readonly summary: string;
  readonly annotations?: readonly { readonly path: string; readonly line: number; readonly message: string }[];
  readonly actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[];
}

export interface DesiredReview {
  readonly number: number;
  /** By which it is known again. */
  readonly marker: string;
  readonly headSha: string;
  readonly body: string;
  readonly remarks: readonly {
    readonly path: string;
    readonly line: number;
    readonly marker: string;
    readonly body: string;
  }[];
}

/** A remark that is there and is to say something else. */
export interface DesiredRemark {
  readonly number: number;
  /** By which it is told that it says so. */
  readonly key: string;
  readonly marker: string;
  readonly body: string;
  /** There is nothing left to do about it: its threads are resolved, once. */
  readonly isSettled: boolean;
}

export interface DesiredView {
  readonly revision: number;
  readonly comments: readonly DesiredComment[];
  /** No comment of ours that matters was last written before this moment (epoch ms). */
  readonly since: number;
  readonly checks: readonly DesiredCheck[];
  /** Title and body of the run's own pull request. */
  readonly pull?: { readonly number: number; readonly body: string; readonly becomesReady?: { readonly head: string } };
  /** Remarks beside the lines of the run's own pull request, made once. */
  readonly review?: DesiredReview;
  readonly remarks?: readonly DesiredRemark[];
  readonly reactions: readonly {
    readonly commentId: number;
    /** Absent: in the conversation. */
    readonly place?: 'line';
    readonly content: '+1' | 'confused' | 'eyes' | 'rocket';
  }[];
  /** Those that say how a run stands: none but what a thread has is on it. */
  readonly stateLabels: readonly string[];
  /** Exactly one of those, and the one-shot labels that were taken are gone. */
  readonly labels: readonly {
    readonly thread: number;
    readonly has: string | undefined;
    readonly without: readonly string[];
  }[];
}
