// What a run that only reads looks at, and what is kept of what it found.

import type { Finding, reportShape } from '../core/model/finding.ts';
import type { AttemptOutcome } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { cutHead } from '../core/pilot/cut-text.ts';
import type { Reviewed } from '../core/prompt/task-packet.ts';
import { collectFindings } from '../core/review/collect-findings.ts';
import { isForPeople } from '../core/review/list-blocking.ts';
import { author } from './author.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit } from './ensure-commit.ts';
import type { RepositoryRef, TreeDiff } from './port/git.ts';
import { readSmall } from './read-small.ts';
import type { StepsEnd } from './run-steps.ts';
import type { WorkPorts } from './work-ports.ts';

type Reads = NonNullable<Run['reads']>;

const patchCharsAtMost = 40_000;
const pathsAtMost = 300;

export interface Looked {
  readonly reads: Reads;
  readonly reviewed: Reviewed;
  /** Whose files readers could see, or see in the change: what they name is a place of one of these. */
  readonly commits: readonly string[];
}

/** Of a pull request: what would land if it were merged into that very base. */
export async function readWhatIsReviewed(ports: WorkPorts, held: Held<'attempt'>, reads: Reads): Promise<Looked> {
  const { head, pull, isTextOnly = false } = reads;
  if (!pull) return { reads, reviewed: { head }, commits: [head] };
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
  // The change is told by the lines of what would land, and those of a workspace with the head in it are others.
  return { reads, reviewed, commits: [...new Set([after, head, base])] };
}

interface Change extends Pick<TreeDiff, 'changed' | 'patch'> {
  readonly head: string;
  readonly base: string;
  readonly conflicts?: readonly string[];
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
  readonly looked: Looked;
  readonly repository: RepositoryRef;
}

type Told = Omit<Extract<AttemptOutcome, { kind: 'reported' }>, 'kind' | keyof typeof reportShape>;

export async function report(
  ports: WorkPorts,
  { looked, repository }: Scene,
  { ran, told }: { readonly ran: StepsEnd; readonly told: Told },
): Promise<AttemptOutcome> {
  const { findings: all, omitted, isListed, unread, unheard, unjudged } = collectFindings(ran.answers);
  const { reads, reviewed, commits } = looked;
  const { findings, unplaced } = await checkPlaces(ports, { repository, commits }, all);
  const kept = { reads, findings, omitted, answers: ran.answers };
  const file = await ports.artifacts.putText(repository.key, JSON.stringify(kept, null, 2));
  const isPartial = reviewed.isPartial ? { isPartial: true } : {};
  const listed = { isListed, unread, unheard: [...unheard], unjudged, unplaced, ...isPartial };
  return { kind: 'reported', report: file, findings, omitted, ...listed, ...told };
}

interface Placed {
  readonly findings: Finding[];
  /** Confirmed, or for a person to decide, and nobody can say where: whether it blocks is not known. */
  readonly unplaced: number;
}

/** Whatever a model says: a place that is in none of these commits was looked at by nobody. */
export async function checkPlaces(
  ports: WorkPorts,
  { repository, commits }: { readonly repository: RepositoryRef; readonly commits: readonly string[] },
  findings: readonly Finding[],
): Promise<Placed> {
  const lines = new Map<string, Lines>();
  for (const path of new Set(findings.map((finding) => finding.path)))
    lines.set(path, await countLines(ports, { repository, commits, path }));
  let unplaced = 0;
  const placed = findings.map(({ evidence: _, ...finding }): Finding => {
    const { path, line = 1, status } = finding;
    const { most, isTooLarge } = lines.get(path) ?? nowhere;
    if (status === 'refuted' || line <= most) return finding;
    if (status === 'confirmed' || isForPeople(finding)) unplaced += 1;
    const why = isTooLarge
      ? 'the file is too large to see whether there is such a place'
      : 'there is no such place in what was looked at';
    return { ...finding, status: 'unverified', why };
  });
  return { findings: placed, unplaced };
}

interface Lines {
  /** Of what could be read of it; 0 where it is nowhere. */
  readonly most: number;
  readonly isTooLarge: boolean;
}

const nowhere: Lines = { most: 0, isTooLarge: false };

/** A change may be wrong by what it deletes, so that the longest one counts. */
async function countLines(
  ports: WorkPorts,
  {
    repository,
    commits,
    path,
  }: { readonly repository: RepositoryRef; readonly commits: readonly string[]; readonly path: string },
): Promise<Lines> {
  let { most, isTooLarge } = nowhere;
  for (const commit of commits) {
    const read = await readSmall(ports, { repository, commit, path });
    if (read.kind === 'too_large') isTooLarge = true;
    else if (read.text !== undefined) most = Math.max(most, 1, read.text.replace(/\n$/, '').split('\n').length);
  }
  return { most, isTooLarge };
}
