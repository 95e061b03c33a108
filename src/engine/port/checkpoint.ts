// The checkpoint port: files from which attempts can be gone on with. What is in them is hostile; only sandboxes look at it.
import type { Sandbox } from './sandbox.ts';

/** Of one task of a run: it has one attempt at a time. */
export interface CheckpointOwner {
  /** Key of the repository, as for artifacts. */
  readonly repository: string;
  /** Number of the subject. */
  readonly number: number;
  readonly run: string;
  readonly task: string;
}

/** Everything of a subject, of a run, or of a task. */
export type CheckpointScope = Pick<CheckpointOwner, 'repository' | 'number'> &
  Partial<Pick<CheckpointOwner, 'run' | 'task'>>;

export type TakenCheckpoint =
  /** Named by the SHA-256 of its content. */
  | { readonly kind: 'kept'; readonly id: string; readonly bytes: number }
  /** There is more than may be kept, or it cannot be packed. */
  | { readonly kind: 'refused'; readonly why: string };

export type RestoredCheckpoint =
  | { readonly kind: 'restored' }
  | { readonly kind: 'refused'; readonly reason: 'gone' | 'corrupt' | 'not_restored'; readonly why: string };

export interface CheckpointPort {
  /**
   * Packs what a workspace has beyond the commit `base`, with its agent's home, in a sandbox over it, and keeps that. Throws
   * where there is no sandbox, or nothing can be written.
   */
  take(
    owner: CheckpointOwner,
    source: { readonly base: string; readonly maxBytes: number; readonly openSandbox: () => Promise<Sandbox> },
    signal: AbortSignal,
  ): Promise<TakenCheckpoint>;
  /** Unpacks one over a fresh checkout of its base, in a sandbox that may write there. Throws where there is none. */
  restore(
    owner: CheckpointOwner,
    id: string,
    openSandbox: () => Promise<Sandbox>,
    signal: AbortSignal,
  ): Promise<RestoredCheckpoint>;
  /** One that is not there is dropped already. */
  drop(owner: CheckpointOwner, id: string): Promise<void>;
  dropAll(scope: CheckpointScope): Promise<void>;
}
