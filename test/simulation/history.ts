// A history is data: what people do, how agents and models fare, and what goes wrong at which call. The same history
// always plays in the same way, and it shrinks to the few lines that matter.
/** How one call of a port goes wrong. The process that made it is meant by "it". */
export const faultKinds = [
  /** It is refused before it had an effect. */
  'fails',
  /** It has its effect, and the caller hears of a failure. */
  'answer_lost',
  /** The caller hears of a failure at once, and the effect comes some seconds later. */
  'lands_late',
  'crash_before',
  'crash_after',
  /** It is done, and then the process hangs until long after its lease. */
  'hangs_after',
  'hangs_before',
  'slow',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** A call such as `store.save`, or a system such as `github`. */
  readonly on: string;
  /** Which of these calls, counted from 1. */
  readonly nth: number;
  readonly kind: FaultKind;
}

export const mishapKinds = ['lost', 'doubled', 'late', 'lost_for_ever'] as const;

/** What becomes of a message that nobody answers for: a webhook or a job. */
export interface Mishap {
  readonly of: 'webhook' | 'push' | 'wake' | 'job';
  readonly nth: number;
  readonly kind: (typeof mishapKinds)[number];
}

export interface Outage {
  readonly system: 'github' | 'store' | 'queue' | 'git' | 'model' | 'artifact' | 'sandbox';
  readonly fromS: number;
  readonly forS: number;
  /** GitHub says when to come back. */
  readonly isRateLimit: boolean;
}

export const actKinds = [
  'label',
  'run',
  'run_text',
  'review',
  'fix',
  'plan',
  'approve',
  'approve_old',
  'stranger_approve',
  'deny',
  'stranger_deny',
  'edit_issue',
  'answer',
  'answer_otherwise',
  'stranger_answer',
  'tell',
  'tell_task',
  'stranger_tell',
  'stranger_word',
  'stranger_edit',
  'stranger_vouch',
  'vouch',
  'stop',
  'stop_on_pull',
  'merge',
  /** Beside a line of the pull request, where nothing else is said. */
  'stop_in_thread',
  'merge_in_thread',
  'rebase',
  'status',
  'nonsense',
  'recheck',
  'rerequest',
  'stop_button',
  'push_forward',
  'push_force',
  'push_base',
  'push_settings',
  'push_clash',
  'resolve',
  'resolve_theirs',
  'close_pull',
  'reopen_pull',
  /** Past every rule, as whoever may bypass them can. */
  'merge_by_hand',
  /** Whichever pull request of that branch GitHub's rules let through. */
  'merge_if_allowed',
  /** Another pull request with the same head, into another branch. */
  'open_twin',
  /** One from a commit of the merge queue, into another branch. */
  'open_queued',
  'retarget',
  /** GitHub does not run the workflows of its head before somebody lets it. */
  'hold_ci',
  'let_ci_run',
  'close_issue',
  'pause',
  'resume',
  'retry',
  'retry_task',
  'continue',
  'skip',
  'finish',
  'stranger_stop',
  'kill_workers',
  'replace_workers',
  'blackout',
  /** Where GitHub's rules let it into the queue of its branch. */
  'merge_when_ready',
  /** Past them, as whoever may bypass them can. */
  'queue_at_once',
  'recheck_queue',
  'stranger_recheck_queue',
  /** By somebody who may not write, from a fork whose branch is called like one of a run. */
  'open_fork',
  'push_fork',
  'queue_fork',
  'review_fork',
  /** For the head as it is then, or for the one before it. */
  'vouch_fork',
  'vouch_fork_old',
  'label_fork',
  'stranger_vouch_fork',
  /** By a maintainer who started nothing, for the head as it is then, or for the one before it. */
  'override',
  'override_old',
  'override_review',
  /** By whoever started the run, and may not. */
  'writer_override',
  'stranger_override',
  /** What was found last. */
  'dismiss',
  'writer_dismiss',
  'stranger_dismiss',
  /** The maintainer may write nothing any more. */
  'maintainer_leaves',
] as const;

/** Done where a test says so: they say something of drafts only. */
export const draftKinds = ['draft_pull', 'ready_pull'] as const;
export type ActKind = (typeof actKinds)[number] | (typeof draftKinds)[number];

/** The moment of one call of a port, said as a fault says it: what is placed by an event stays there when runs take longer. */
export type Moment = Pick<Fault, 'on' | 'nth'>;

export interface Act {
  readonly kind: ActKind;
  /** Seconds after the act before it, or after the moment that it waits for from there on. */
  readonly afterS: number;
  /** Which issue, modulo their number. */
  readonly issue: number;
  readonly once?: Moment;
}

/** A schedule in the settings. `every` is taken out after so long, as soon as its latest time has come to us. */
export type Timer =
  | { readonly kind: 'once'; readonly atS: number }
  | { readonly kind: 'every'; readonly minutes: number; readonly untilS: number };

export const agentFates = [
  'done',
  'red',
  'gave_up',
  'crashed',
  'provider_down',
  'no_change',
  'out_of_scope',
  'leaks_secret',
  'says_secret',
  'hangs',
  'budget',
  'clash',
  'same_file',
  /** It wants to know something of people, and says what it would do without. */
  'asks',
  /** And says nothing of that. */
  'asks_or_gives_up',
] as const;
export type AgentFate = (typeof agentFates)[number];

export const planFates = [
  'one',
  'two',
  'chain',
  'three',
  /** Its agent changes what is protected, until it is told not to. */
  'anywhere',
  'cyclic',
  'garbage',
  'down',
  'refused',
  'slow',
] as const;
export const pilotFates = ['retry', 'replan', 'skip', 'abort', 'garbage', 'down', 'slow'] as const;
export const reviewFates = ['met', 'not_met', 'missing', 'bad_evidence', 'garbage', 'down', 'slow'] as const;
export const verifyFates = ['honest', 'red', 'killed', 'slow', 'sandbox_refused'] as const;

export interface History {
  /** 0: whoever came first goes on first. */
  readonly schedule: number;
  readonly issues: number;
  readonly workers: number;
  /** How many attempts may run at once. */
  readonly slots: number;
  /** How many runs of the repository may be at work at once. */
  readonly runs: number;
  /** Our own budget for writing to GitHub. */
  readonly writesPerMinute: number;
  /** How long lists of GitHub do not show what was just written. */
  readonly listLagS: number;
  readonly checksBaseline: boolean;
  readonly maxAttempts: number;
  readonly budgetCents: number;
  /** The policy asks for an approval of every plan. */
  readonly isApprovalRequired: boolean;
  /** The policy asks for a review of what runs made. */
  readonly isReviewed: boolean;
  /** A base that moves is brought in without being asked for. */
  readonly isUpdated?: boolean;
  /** What agents have got so far is kept, so that others can go on with it. */
  readonly isKept?: boolean;
  /** The policy has pull requests opened as drafts. */
  readonly isDrafting?: boolean;
  /** The policy lets agents reach a host. */
  readonly isOnline: boolean;
  readonly timers: readonly Timer[];
  readonly acts: readonly Act[];
  readonly plans: readonly (typeof planFates)[number][];
  readonly agents: readonly AgentFate[];
  readonly pilots: readonly (typeof pilotFates)[number][];
  readonly reviews: readonly (typeof reviewFates)[number][];
  readonly verifies: readonly (typeof verifyFates)[number][];
  readonly faults: readonly Fault[];
  readonly mishaps: readonly Mishap[];
  readonly outages: readonly Outage[];
}

/** A quiet history, to be changed where a test says something. */
export const quiet: History = {
  schedule: 0,
  issues: 1,
  workers: 1,
  slots: 9,
  runs: 9,
  writesPerMinute: 40,
  listLagS: 0,
  checksBaseline: false,
  maxAttempts: 3,
  budgetCents: 1000,
  isApprovalRequired: false,
  isReviewed: false,
  isOnline: false,
  timers: [],
  acts: [{ kind: 'label', afterS: 0, issue: 0 }],
  plans: [],
  agents: [],
  pilots: [],
  reviews: [],
  verifies: [],
  faults: [],
  mishaps: [],
  outages: [],
};
