// One presentation under way: its parts are tried one by one, what fails does not keep the others from being shown, and
// nothing is written any more once somebody else publishes.
import type { Repository } from '../core/model/subject.ts';
import type { BudgetedGitHub, BudgetedWriter, Importance } from './budget-writes.ts';
import { ExternalError } from './external-error.ts';

export interface Showing {
  readonly github: BudgetedGitHub;
  readonly repository: Repository;
  readonly failures: ExternalError[];
  /** Something was written that was not there: lists may not show it yet. */
  hasMade: boolean;
  /** It was ended from outside, and something may not have been tried. */
  isCut: boolean;
  attempt(part: () => Promise<void>): Promise<void>;
}

/** Whoever lost its lease writes nothing any more: what it would write is old. */
class Replaced extends Error {
  override readonly name = 'Replaced';
}

export function startShowing(github: BudgetedGitHub, repository: Repository, stillHolds: () => boolean): Showing {
  const failures: ExternalError[] = [];
  const showing: Showing = {
    github: { ...github, write: guard(github.write, stillHolds) },
    repository,
    failures,
    hasMade: false,
    isCut: false,
    async attempt(part) {
      try {
        if (!stillHolds()) throw new Replaced();
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

type Write = (importance: Importance, repository: Repository, ...rest: unknown[]) => Promise<unknown>;

/** The question is asked right before each write: reading what is there may have taken long. */
function guard(writer: BudgetedWriter, stillHolds: () => boolean): BudgetedWriter {
  const guarded = Object.entries(writer).map(([name, write]) => [
    name,
    async (...args: Parameters<Write>) => {
      if (!stillHolds()) throw new Replaced();
      return await (write as Write)(...args);
    },
  ]);
  // The same names with the same parameters; the compiler cannot follow that through the entries.
  return Object.fromEntries(guarded) as BudgetedWriter;
}
