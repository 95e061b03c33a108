import type { ConflictAnswer } from '../model/conflict.ts';

/**
 * What a comment asked for. Task keys, plan ids, gates and finding ids are as written (lower case) and not yet known to
 * exist; free text is as written, with everything hidden in it.
 */
export type Command =
  /** `workflow`: as it was named, and not yet known to exist. */
  | { readonly kind: 'run'; readonly text: string; readonly workflow?: string }
  | { readonly kind: 'plan'; readonly text: string }
  /** Without an id: the plan that waits. */
  | { readonly kind: 'approve'; readonly planId?: string }
  | { readonly kind: 'deny'; readonly reason: string }
  | { readonly kind: 'status' }
  /** `about`: a task key, `gate`, `delivery` or the id of one; without it, the whole run. */
  | { readonly kind: 'explain'; readonly about?: string }
  /** Without a task: the agents of all of them. */
  | { readonly kind: 'tell'; readonly text: string; readonly task?: string }
  /** `question`: its id as written, not yet known to exist. */
  | { readonly kind: 'answer'; readonly question: string; readonly text: string }
  | { readonly kind: 'stop'; readonly reason?: string }
  | { readonly kind: 'finish' }
  | { readonly kind: 'pause'; readonly reason?: string }
  | { readonly kind: 'resume' }
  | { readonly kind: 'continue' }
  /** Without a task: everything that failed. */
  | { readonly kind: 'retry'; readonly task?: string }
  | { readonly kind: 'skip'; readonly task: string; readonly reason: string }
  | { readonly kind: 'review'; readonly isFull: boolean; readonly focus?: string }
  | { readonly kind: 'recheck' }
  /** An empty list: every confirmed finding. `of`: what others say of the pull request, instead of findings. */
  | { readonly kind: 'fix'; readonly findings: readonly string[]; readonly of?: 'comments' | 'ci' }
  | { readonly kind: 'dismiss'; readonly finding: string; readonly reason: string }
  | { readonly kind: 'rebase' }
  /** Without an answer: what there is. A number is not known to exist yet. */
  | { readonly kind: 'resolve'; readonly which?: undefined; readonly answer?: undefined }
  | { readonly kind: 'resolve'; readonly which: number | 'all'; readonly answer: ConflictAnswer }
  /** `head` is a full commit hash. */
  | { readonly kind: 'override'; readonly gate: string; readonly head: string; readonly reason: string }
  /** What others wrote here; `head` is a full commit hash, and vouches for that as well. */
  | { readonly kind: 'vouch'; readonly head?: string }
  | { readonly kind: 'merge' }
  | { readonly kind: 'unmerge' }
  /** Millionths of a US dollar. */
  | { readonly kind: 'budget'; readonly microUsd: number }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'unignore' }
  | { readonly kind: 'config' }
  | { readonly kind: 'help' };

export type Verb = Command['kind'];
