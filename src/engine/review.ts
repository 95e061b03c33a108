// What a run that only reads looks at, and what is kept of what it found.

import type { Finding, reportShape } from '../core/model/finding.ts';
import type { AttemptOutcome } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { cutHead } from '../core/pilot/cut-text.ts';
import type { Reviewed } from '../core/prompt/task-packet.ts';
import { collectFindings } from '../core/review/collect-findings.ts';
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

/** Of a pull request: what would land if it were merged into that very base. */
export async function readWhatIsReviewed(
  ports: WorkPorts,
  held: Held<'attempt'>,
  { head, pull, isTextOnly = false }: Reads,
): Promise<Reviewed> {
  if (!pull) return { head };
  const repository = await ensureCommit(ports, held.record.repository, { commit: pull.base });
  await ensureCommit(ports, held.record.repository, { commit: head });
  const merged = await ports.git.merge({
    repository,
    ours: pull.base,
    theirs: head,
    message: `Merge pull request #${pull.number} to look at it\n`,
    author,
  });
  const { changed, patch } = await ports.git.diff(
    repository,
    pull.base,
    merged.kind === 'merged' ? merged.commit : head,
  );
  const conflicts = merged.kind === 'conflict' ? merged.paths.slice(0, pathsAtMost) : [];
  return {
    ...toReviewedChange({ head, base: pull.base, changed, patch, conflicts }),
    ...(isTextOnly ? { isTextOnly } : {}),
    ...(isShownInPart({ changed, patch }) ? { isPartial: true } : {}),
  };
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
  readonly run: Run;
  readonly reads: Reads;
  /** Readers were shown a part of the change. */
  readonly isPartial: boolean;
  readonly repository: RepositoryRef;
}

type Told = Omit<Extract<AttemptOutcome, { kind: 'reported' }>, 'kind' | keyof typeof reportShape>;

export async function report(
  ports: WorkPorts,
  { reads, isPartial, repository }: Scene,
  { ran, told }: { readonly ran: StepsEnd; readonly told: Told },
): Promise<AttemptOutcome> {
  const { findings: all, omitted, isListed, unread, unheard, unjudged } = collectFindings(ran.answers);
  const { head, pull } = reads;
  const findings = await checkPlaces(ports, { repository, reads: { head, ...(pull ? { base: pull.base } : {}) } }, all);
  const kept = { reads, findings, omitted, answers: ran.answers };
  const file = await ports.artifacts.putText(repository.key, JSON.stringify(kept, null, 2));
  const listed = { isListed, unread, unheard: [...unheard], unjudged, ...(isPartial ? { isPartial } : {}) };
  return { kind: 'reported', report: file, findings, omitted, ...listed, ...told };
}

/** Whatever a model says: a place that is not there was looked at by nobody. */
export async function checkPlaces(
  ports: WorkPorts,
  {
    repository,
    reads,
  }: Pick<Scene, 'repository'> & { readonly reads: { readonly head: string; readonly base?: string } },
  findings: readonly Finding[],
): Promise<Finding[]> {
  const lines = new Map<string, Lines>();
  for (const path of new Set(findings.map((finding) => finding.path))) {
    const now = await countLines(ports, { repository, commit: reads.head, path });
    // A change may be wrong by what it deletes.
    const before = now === 0 ? reads.base : undefined;
    lines.set(path, before === undefined ? now : await countLines(ports, { repository, commit: before, path }));
  }
  return findings.map(({ evidence: _, ...finding }) => {
    const { path, line = 1, status } = finding;
    const count = lines.get(path) ?? 0;
    if (status === 'refuted' || (count !== 'too_large' && line <= count)) return finding;
    const why =
      count === 'too_large'
        ? 'the file is too large to see whether there is such a place'
        : 'there is no such place in what was looked at';
    return { ...finding, status: 'unverified', why };
  });
}

type Lines = number | 'too_large';

async function countLines(
  ports: WorkPorts,
  place: { readonly repository: RepositoryRef; readonly commit: string; readonly path: string },
): Promise<Lines> {
  const read = await readSmall(ports, place);
  if (read.kind === 'too_large') return 'too_large';
  return read.text === undefined ? 0 : Math.max(1, read.text.replace(/\n$/, '').split('\n').length);
}
