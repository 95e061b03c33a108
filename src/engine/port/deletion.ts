// The ledger of what has to be deleted because an installation or a repository was removed: kept until it converged,
// and for a while after, so that every host can drop what it holds.

export interface Deletion {
  readonly id: string;
  readonly host: string;
  readonly installationId: number;
  /** Undefined when everything of the installation goes and its repositories have to be found first. */
  readonly repositoryId?: number | undefined;
  /** Only these artifacts go: those of a subject that an operator had forgotten. */
  readonly artifacts?: readonly string[] | undefined;
  /** Those of them that are archives of runs: what their files speak of goes as well. */
  readonly archives?: readonly string[] | undefined;
  /** Number of that subject, whose checkpoints go as well. */
  readonly number?: number | undefined;
  /** Records go first, and with them whoever works on them; files when nobody can write any more. */
  readonly phase: 'records' | 'files' | 'done';
  readonly attempts: number;
  /** Why the newest attempt failed. */
  readonly error?: string | undefined;
  readonly askedAt: number;
  /** Not to be tried before this moment (epoch ms). */
  readonly dueAt: number;
}

/** What happened to an installation, as its webhook said it. */
export interface InstallationChange {
  readonly id: string;
  readonly installationId: number;
  readonly at: number;
  readonly change: unknown;
}

export interface DeletionLedger {
  /** What was not collected yet, oldest first, and the cursor to collect it with. */
  readChanges(limit: number): Promise<{ readonly cursor: string; readonly changes: readonly InstallationChange[] }>;
  /** Takes deletions into the ledger and moves the cursor, both or neither: false when somebody else was first. */
  collect(cursor: string, next: string, deletions: readonly Deletion[]): Promise<boolean>;
  /** Deletions whose time has come, each put off so that others leave it alone for a while. */
  takeDue(limit: number, deferMs: number): Promise<readonly Deletion[]>;
  /** Keeps what became of one. */
  keep(deletion: Deletion): Promise<void>;
  forget(id: string): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<readonly Deletion[]>;
}
