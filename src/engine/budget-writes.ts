// The write budget: GitHub lets an installation write only so much, and everything that Gatepilot shows comes out of
// the same budget, whichever process writes it. What matters less leaves room for what matters more, and waits.
import type { Repository } from '../core/model/subject.ts';
import { ExternalError } from './external-error.ts';
import type { GitHubPort, GitHubReader, GitHubWriter } from './port/github.ts';
import type { StorePort } from './port/store.ts';
import { redactWrites } from './redact-writes.ts';

/** In this order: each leaves room for those before it. */
export type Importance =
  /** What lets people merge is taken back. */
  | 'closing_check'
  /** The conclusion that a merge hangs on. */
  | 'terminal_check'
  | 'merge'
  /** How a command ended, and what a person is told in answer. */
  | 'answer'
  | 'progress';

type Weighed<Write> = Write extends (repository: Repository, ...rest: infer Rest) => infer Done
  ? (importance: Importance, repository: Repository, ...rest: Rest) => Done
  : never;

/** Like the port's writer, but every call says first how much it matters. */
export type BudgetedWriter = { readonly [Name in keyof GitHubWriter]: Weighed<GitHubWriter[Name]> };

/** Whoever works under a lease. */
export interface Holder {
  stillHolds(): boolean;
}

/** GitHub as the engine has it: no write without saying how much it matters, and under whose lease. */
export interface BudgetedGitHub extends GitHubReader {
  /** Nothing is sent any more once the holder does not hold: then it throws `Replaced`. */
  writeFor(holder: Holder): BudgetedWriter;
}

/** Whoever lost its lease writes nothing any more: what it would write is old. */
export class Replaced extends Error {
  override readonly name = 'Replaced';
}

/** Our own budget is spent: nothing is wrong, and what was to be written is written later. */
export class WritePostponed extends ExternalError {
  readonly importance: Importance;

  constructor(importance: Importance, until: number) {
    super({ system: 'github', message: 'the budget for writing to GitHub is spent', retry: { at: until } });
    this.importance = importance;
  }
}

/**
 * A bucket lets through its capacity at once and then its rate, so within any window at most capacity + rate × window.
 * GitHub's limits are 80 a minute and 500 an hour; by default half of each is never passed.
 */
const shares = [
  { name: 'minute', windowSeconds: 60, burst: 0.75, perMinute: 1, leave: share(0.1, 0.2, 0.4) },
  { name: 'hour', windowSeconds: 3600, burst: 0.4, perMinute: 6.25, leave: share(0.05, 0.2, 0.4) },
] as const;

/** Of the capacity, by importance. */
function share(merge: number, answer: number, progress: number): Readonly<Record<Importance, number>> {
  return { closing_check: 0, terminal_check: merge / 2, merge, answer, progress };
}

export interface WriteBudget {
  readonly store: Pick<StorePort, 'takeTokens'>;
  readonly perMinute: number;
}

export function budgetWrites(github: GitHubPort, budget: WriteBudget): BudgetedGitHub {
  return { ...github, writeFor: (holder) => toWriter(github, budget, holder) };
}

function toWriter(github: GitHubPort, budget: WriteBudget, holder: Holder): BudgetedWriter {
  const weigh =
    <Rest extends unknown[], Answer>(write: (repository: Repository, ...rest: Rest) => Promise<Answer>) =>
    async (importance: Importance, repository: Repository, ...rest: Rest): Promise<Answer> => {
      if (!holder.stillHolds()) throw new Replaced();
      await takeTokens(budget, importance, repository);
      // A store that was slow to answer may have cost the lease.
      if (!holder.stillHolds()) throw new Replaced();
      return await write(repository, ...rest);
    };
  const writer = redactWrites(github);
  return {
    createCommit: weigh(writer.createCommit),
    moveBranch: weigh(writer.moveBranch),
    createPull: weigh(writer.createPull),
    markReady: weigh(writer.markReady),
    updatePull: weigh(writer.updatePull),
    merge: weigh(writer.merge),
    createReview: weigh(writer.createReview),
    updateReviewComment: weigh(writer.updateReviewComment),
    resolveReviewThread: weigh(writer.resolveReviewThread),
    unresolveReviewThread: weigh(writer.unresolveReviewThread),
    createComment: weigh(writer.createComment),
    updateComment: weigh(writer.updateComment),
    deleteComment: weigh(writer.deleteComment),
    createCheck: weigh(writer.createCheck),
    updateCheck: weigh(writer.updateCheck),
    addLabel: weigh(writer.addLabel),
    removeLabel: weigh(writer.removeLabel),
    addReaction: weigh(writer.addReaction),
    removeReaction: weigh(writer.removeReaction),
  };
}

/**
 * One write out of the budget, or `WritePostponed`. The shorter window first: what it gave in vain, because the longer one
 * refused, is soon there again.
 */
export async function takeTokens(budget: WriteBudget, importance: Importance, repository: Repository): Promise<void> {
  const { host, installationId } = repository;
  for (const { name, windowSeconds, burst, perMinute, leave } of shares) {
    const allowed = budget.perMinute * perMinute;
    const capacity = allowed * burst;
    const answer = await budget.store.takeTokens({
      name: `writes/${host}/${installationId}/${name}`,
      capacity,
      perSecond: (allowed - capacity) / windowSeconds,
      amount: 1,
      leave: capacity * leave[importance],
    });
    if (answer.kind === 'wait') throw new WritePostponed(importance, answer.until);
  }
}
