// What a chaos run will do, as data: who asks for what, what is broken and when. The same seed gives the same plan; how
// long each step takes is up to the machine, so two runs of one plan meet their faults at different moments.

/** What people do once the run that they asked for has got somewhere. */
export type Ending =
  | 'rest'
  | 'merge'
  | 'stop'
  | 'push'
  | 'push_and_merge'
  | 'close_pull'
  | 'close_issue'
  | 'merge_by_hand';

/** One issue and everything that people do about it. */
export interface RunStory {
  readonly kind: 'run';
  /** Names the issue, its files and its tasks: `item-7`. */
  readonly item: number;
  /** Position of the repository. */
  readonly repository: number;
  readonly trigger: 'label' | 'comment' | 'both';
  readonly tasks: 1 | 2;
  /** The first attempt at the first task does not pass the tests. */
  readonly stumbles: boolean;
  readonly asksStatus: boolean;
  /** Says everything twice. */
  readonly isImpatient: boolean;
  readonly ending: Ending;
  /** How long people wait before each thing that they do. */
  readonly pauseMs: number;
}

/** A pull request that a person opens by hand: the gate lets it pass, and must say so. */
export interface OwnPullStory {
  readonly kind: 'own_pull';
  readonly item: number;
  readonly repository: number;
}

/** Somebody without any right here asks for a run. */
export interface StrangerStory {
  readonly kind: 'stranger';
  readonly item: number;
  readonly repository: number;
}

export type Story = RunStory | OwnPullStory | StrangerStory;

export type KillTarget =
  | { readonly kind: 'web' }
  | { readonly kind: 'worker'; readonly index: number }
  | { readonly kind: 'redis' };

export type Fault =
  /** SIGKILL, either after a pause or at the moment at which the n-th write to GitHub has happened unheard. */
  | { readonly kind: 'kill'; readonly target: KillTarget; readonly pauseMs: number; readonly afterWrite?: number }
  | {
      readonly kind: 'delivery';
      readonly how: 'drop' | 'double' | 'delay';
      readonly event: string;
      readonly count: number;
    }
  | { readonly kind: 'answer'; readonly how: AnswerFault; readonly route: string; readonly count: number }
  | { readonly kind: 'outage'; readonly ms: number };

export type AnswerFault =
  | 'rate_limit'
  | 'secondary_limit'
  | 'bad_gateway_after'
  | 'bad_gateway_before'
  | 'timeout_after'
  | 'slow';

export type Step =
  | { readonly kind: 'story'; readonly story: Story }
  | { readonly kind: 'fault'; readonly fault: Fault };

export interface ChaosPlan {
  readonly seed: number;
  readonly repositories: number;
  readonly workers: number;
  readonly slots: number;
  /** Stories under way at the same time. */
  readonly storiesAtOnce: number;
  readonly steps: readonly Step[];
}
