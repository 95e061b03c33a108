/** What a process of this project may need of the machine. A caller with a REDIS_URL does not ask for `redis`. */
export type Need = 'git' | 'redis' | 'bubblewrap';

/** Absolute paths of programs that were run once and answered with a new enough version. */
export interface RedisTools {
  readonly server: string;
  /** Of the same build as the server: it repairs the server's append-only file. */
  readonly checkAof: string;
  /** From util-linux; holds the lock that keeps a data folder to one server. */
  readonly flock: string;
}

export interface BubblewrapTools {
  readonly bwrap: string;
  /** Runs inside the sandbox. Statically linked when it was unpacked into the cache folder. */
  readonly tini: string;
  /** Runs inside the sandbox. */
  readonly prlimit: string;
}

/** One entry for each need that was asked for, and no other. */
export interface Tools {
  readonly git?: string;
  readonly redis?: RedisTools;
  readonly bubblewrap?: BubblewrapTools;
}

/** One thing that keeps the process from starting, and what a person does about it: two sentences to show as they are. */
export interface Problem {
  readonly what: string;
  readonly mend: string;
}
