// What a run that only reads looks at, and what is kept of what it found.

import type { reportShape } from '../core/model/finding.ts';
import type { AttemptOutcome } from '../core/model/result.ts';
import type { ReviewPlan } from '../core/model/review.ts';
import type { Run } from '../core/model/run.ts';
import { cutHead } from '../core/pilot/cut-text.ts';
import type { Reviewed } from '../core/prompt/task-packet.ts';
import { collectFindings } from '../core/review/collect-findings.ts';
import { type PullRisk, planPullReview } from '../core/review/plan-pull-review.ts';
import { isPullReview } from '../core/review/to-pull-review.ts';
import { author } from './author.ts';
import type { Held } from './carry-out.ts';
import { confirmFindings } from './confirm-findings.ts';
import { ensureCommit } from './ensure-commit.ts';
import type { ChangedPath, RepositoryRef, TreeDiff } from './port/git.ts';
import type { StepsEnd } from './run-steps.ts';
import type { WorkPorts } from './work-ports.ts';

type Reads = NonNullable<Run['reads']>;

const patchCharsAtMost = 40_000;
const pathsAtMost = 300;

export interface Looked {
  readonly reads: Reads;
  readonly reviewed: Reviewed;
  /** What would land; of what cannot be merged as it is, the head. */
  readonly after: string;
  /** Whose files readers could see, or see in the change: what they name is a place of one of these. */
  readonly commits: readonly string[];
  /** How much of a pull request is looked at. */
  readonly plan?: ReviewPlan;
}

/** Of a pull request: what would land if it were merged into that very base. */
export async function readWhatIsReviewed(ports: WorkPorts, held: Held<'attempt'>, reads: Reads): Promise<Looked> {
  const { head, pull, isTextOnly = false } = reads;
  if (!pull) return { reads, reviewed: { head }, after: head, commits: [head] };
  const { base } = pull;
  const repository = await ensureCommit(ports, held.record.repository, { commit: base });
  await ensureCommit(ports, held.record.repository, { commit: head });
  const merged = await ports.git.merge({
    repository,
    ours: base,
    theirs: head,
    message: `Merge pull request #${pull.number} to look at it\n`,
    author,
  });
  const after = merged.kind === 'merged' ? merged.commit : head;
  const { changed, patch } = await ports.git.diff(repository, base, after);
  const conflicts = merged.kind === 'conflict' ? merged.paths.slice(0, pathsAtMost) : [];
  const reviewed = {
    ...toReviewedChange({ head, base, changed, patch, conflicts }),
    ...(isTextOnly ? { isTextOnly } : {}),
    ...(isShownInPart({ changed, patch }) ? { isPartial: true } : {}),
  };
  const parted = await ports.git.mergeBase(repository, head, base);
  const since = parted === undefined ? [] : (await ports.git.diff(repository, parted, base)).changed;
  const risk: PullRisk = {
    paths: changed.flatMap(toNames),
    conflicts: merged.kind === 'conflict' ? merged.paths : [],
    changedByBase: since.flatMap(toNames),
  };
  const { run } = held.record;
  const plan = run && isPullReview(run) ? planPullReview(run, risk) : undefined;
  // The change is told by the lines of what would land, and those of a workspace with the head in it are others.
  return { reads, reviewed, after, commits: [...new Set([after, head, base])], ...(plan ? { plan } : {}) };
}

/** Of a rename both. */
function toNames({ path, from }: ChangedPath): string[] {
  return from === undefined ? [path] : [path, from];
}

interface Change extends Pick<TreeDiff, 'changed' | 'patch'> {
  readonly head: string;
  readonly base: string;
  readonly conflicts?: readonly string[];
}

/** How many hunks of a change there are, and how many of them readers are shown. */
export function countHunks(patch: string): { readonly hunks: number; readonly shown: number } {
  const count = (text: string) => text.match(/^@@ /gm)?.length ?? 0;
  return { hunks: count(patch), shown: count(cutHead(patch, patchCharsAtMost)) };
}

export function toReviewedChange({ head, base, changed, patch, conflicts = [] }: Change): Reviewed {
  const paths = changed.slice(0, pathsAtMost).map(({ path }) => path);
  return { head, change: { base, paths, patch: cutHead(patch, patchCharsAtMost), conflicts } };
}

/** Whether readers are shown less than all of it: it is too much, or not all of it is text. */
export function isShownInPart({ changed, patch }: Pick<TreeDiff, 'changed' | 'patch'>): boolean {
  if (changed.length > pathsAtMost || patch.length > patchCharsAtMost) return true;
  return changed.some(({ isUnshown }) => isUnshown) || patch.includes(unreadable);
}

/** Stands where bytes were that are no UTF-8. */
const unreadable = '\ufffd';

interface Scene {
  readonly held: Held<'attempt'>;
  readonly run: Run;
  readonly looked: Looked;
  readonly repository: RepositoryRef;
}

type Told = Omit<Extract<AttemptOutcome, { kind: 'reported' }>, 'kind' | keyof typeof reportShape>;

/** What is called confirmed is looked at here once more, so that it is not because somebody says so. */
export async function report(
  ports: WorkPorts,
  { held, run, looked, repository }: Scene,
  { ran, told }: { readonly ran: StepsEnd; readonly told: Told },
): Promise<AttemptOutcome> {
  const { findings: all, omitted, isListed, unread, unheard, unjudged } = collectFindings(ran.answers);
  const { reads, reviewed, after, commits, plan } = looked;
  const confirmed = await confirmFindings(
    ports,
    {
      ...{ run, home: held.record.repository, repository, commit: after, base: reads.pull?.base, commits },
      ...{ workspace: held.action.base, id: `${held.action.id}-${held.token}`, signal: held.signal },
    },
    all,
  );
  if (held.signal.aborted) return { kind: 'stopped', spend: told.spend };
  const { unplaced, unseen } = confirmed;
  const kept = { reads, findings: confirmed.findings, omitted, answers: ran.answers };
  const file = await ports.artifacts.putText(repository.key, JSON.stringify(kept, null, 2));
  // No later look needs it: the next review is one of its own.
  const findings = confirmed.findings.map(({ evidence: _, ...finding }) => finding);
  const isPartial = reviewed.isPartial ? { isPartial: true } : {};
  const depth = plan ? { depth: { depth: plan.depth, why: plan.why } } : {};
  const listed = { isListed, unread, unheard: [...unheard], unjudged, unplaced, unseen, ...isPartial, ...depth };
  return { kind: 'reported', report: file, findings, omitted, ...listed, ...told };
}
