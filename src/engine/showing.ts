// One presentation under way: its parts are tried one by one, what fails does not keep the others from being shown, and
// nothing is written any more once somebody else publishes.
import type { SubjectRecord } from '../core/model/record.ts';
import type { PresentOutcome } from '../core/model/result.ts';
import type { Repository } from '../core/model/subject.ts';
import { type BudgetedGitHub, type BudgetedWriter, type Holder, Replaced } from './budget-writes.ts';
import { ExternalError } from './external-error.ts';
import type { Making } from './make-once.ts';
import type { GitHubReader } from './port/github.ts';

export interface Showing {
  readonly github: GitHubReader & { readonly write: BudgetedWriter };
  readonly repository: Repository;
  readonly failures: ExternalError[];
  /** Comments and checks. */
  readonly making: Making;
  /** A sign was written that was not there: lists may not show it yet. */
  hasMade: boolean;
  /** Subjects whose check stands on the head of a pull request that no run made. */
  readonly headOwners: Set<number>;
  /** Whether the merge queue has this commit. */
  readonly isQueued: (head: string) => Promise<boolean>;
  /** What became of marking the run's pull request ready for review, where that was tried. */
  ready?: NonNullable<PresentOutcome['ready']>;
  /** It was ended from outside, and something may not have been tried. */
  isCut: boolean;
  attempt(part: () => Promise<void>): Promise<void>;
}

export function startShowing(
  github: BudgetedGitHub,
  {
    repository,
    presentation,
  }: Pick<SubjectRecord, 'repository'> & {
    readonly presentation: Pick<SubjectRecord['presentation'], 'made' | 'doubtUntil'>;
  },
  {
    holder,
    now,
    doubtUntil = 0,
    isQueued = async () => false,
  }: {
    readonly holder: Holder;
    readonly now: number;
    readonly doubtUntil?: number;
    readonly isQueued?: Showing['isQueued'];
  },
): Showing {
  const failures: ExternalError[] = [];
  const showing: Showing = {
    github: { ...github, write: github.writeFor(holder) },
    repository,
    failures,
    making: {
      now,
      known: presentation.made ?? [],
      doubtUntil: Math.max(doubtUntil, presentation.doubtUntil ?? 0),
      made: [],
    },
    hasMade: false,
    headOwners: new Set(),
    isQueued,
    isCut: false,
    async attempt(part) {
      try {
        if (!holder.stillHolds()) throw new Replaced();
        await part();
      } catch (error) {
        if (error instanceof Replaced) showing.isCut = true;
        else if (error instanceof ExternalError) failures.push(error);
        else throw error;
      }
    },
  };
  return showing;
}
