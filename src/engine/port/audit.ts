// What operators did to what is kept, for whoever asks later. It outlives what it speaks of.
import type { SubjectId } from '../../core/model/subject.ts';

export interface AuditEntry {
  readonly at: number;
  readonly actor: string;
  readonly deed: 'forget';
  readonly subject: SubjectId;
  /** `asked` comes before anything is done, so that no deed is without its row. */
  readonly outcome: 'asked' | 'forgotten' | 'refused' | 'vetoed';
  /** What the actor gave as a reason, or why it was not done. */
  readonly why?: string | undefined;
}

export interface AuditPort {
  write(entry: Omit<AuditEntry, 'at'>): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<readonly AuditEntry[]>;
}
