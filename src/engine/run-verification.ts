// Verifies the exact key that would be merged: this head with the base branch as it is now.
import { findFewerPass, findGreen } from '../core/gate/find-fewer-pass.ts';
import { findMatching, findProtected } from '../core/gate/list-touched.ts';
import { listWeakened } from '../core/gate/list-weakened.ts';
import type { MarkPlace, VerificationOutcome, VerifyReport } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { findMark } from '../core/plan/conflict-mark.ts';
import type { GateSettings } from '../core/run/read-gate-settings.ts';
import { withGate } from '../core/run/to-gate-policy.ts';
import { author } from './author.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit, fetchBranch, findBundle } from './ensure-commit.ts';
import { findMarks } from './find-marks.ts';
import { findVoided } from './find-voided.ts';
import { type ForwardMerge, mergeToLook } from './merge-forward.ts';
import type { ChangedPath, RepositoryRef } from './port/git.ts';
import { readSettingsOf } from './read-base-settings.ts';
import { readChange } from './read-change.ts';
import { readFileConflicts, readMergeConflicts, scannedBytesAtMost } from './read-conflicts.ts';
import { readPackageChanges } from './read-packages.ts';
import { renderMergeMessage } from './render-merge-message.ts';
import { countHunks } from './review.ts';
import { runBaseTests } from './run-base-tests.ts';
import { toFailure } from './to-failure.ts';
import { verifyForRun } from './verify-for-run.ts';
import type { WorkPorts } from './work-ports.ts';

export async function runVerification(ports: WorkPorts, held: Held<'verify'>): Promise<VerificationOutcome> {
  const { run } = held.record;
  const { head } = held.action;
  if (!run || run.id !== held.action.runId || held.signal.aborted) return { kind: 'stopped' };
  try {
    const { repository } = held.record;
    const base = await fetchBranch(ports, repository, run.base.branch);
    if (base === undefined) {
      return { kind: 'failed', cause: { kind: 'push_rejected', why: `the base branch ${run.base.branch} is gone` } };
    }
    const ref = await ensureCommit(ports, repository, { commit: head, bundle: findBundle(run, head) });
    // What somebody pushed over our branch is only executed when it continues what we verified.
    if (held.action.origin === 'pushed' && !(await continues(ports, ref, run, head))) return { kind: 'diverged', head };
    if (run.pullRequest && (await ports.git.isAncestor(ref, head, base))) return { kind: 'landed', head, base };
    const settings = await readSettingsOf(ports, { home: repository, ref, commit: base, run });
    return await verifyKey(ports, held, { run: underSettings(run, settings), ref, head, base, settings });
  } catch (error) {
    return held.signal.aborted ? { kind: 'stopped' } : { kind: 'failed', cause: toFailure(error) };
  }
}

/** What was verified by other settings says nothing under these. */
function underSettings(run: Run, settings: GateSettings): Run {
  if (settings.kind !== 'other') return run;
  const { verification: _, ...rest } = run;
  return { ...rest, policy: withGate(run.policy, settings.policy), verifiedTrees: [] };
}

async function continues(ports: WorkPorts, ref: RepositoryRef, run: Run, head: string): Promise<boolean> {
  const newest = run.pushed.at(-1) ?? run.integration?.commit;
  if (newest === undefined) return false;
  // Everything behind the head is here: what is not was built on another host, and this head does not stand on it.
  if ((await ports.git.treeOf(ref, newest)) === undefined) return false;
  return await ports.git.isAncestor(ref, newest, head);
}

interface Key {
  readonly run: Run;
  readonly ref: RepositoryRef;
  readonly head: string;
  readonly base: string;
  /** What they say at this base, beside what the run was under. */
  readonly settings: GateSettings;
}

async function verifyKey(
  ports: WorkPorts,
  held: Held<'verify'>,
  { run, ref, head, base, settings }: Key,
): Promise<VerificationOutcome> {
  const merged = held.action.bringsIn
    ? await bringIn(ports, run, { ref, head, base })
    : await mergeToLook(ports, { repository: ref, head, base });
  if (merged.kind === 'conflict') {
    const { list } = await readMergeConflicts(ports, { repository: ref, head, base });
    return { kind: 'conflict', head, base, paths: [...merged.paths], list };
  }
  const tree = await ports.git.treeOf(ref, merged.commit);
  // The same merged tree under the same policy was judged already: the verdict is carried over.
  // A red one may have been bad luck, and somebody who asks again wants to know.
  const green = held.action.isFresh ? undefined : findGreen(run, tree);
  // Attempts and batches keep theirs by what was in force when they were built.
  const known = green && isOfCommands(green, run.policy.verify) ? green : undefined;
  const report =
    known ??
    (await verifyForRun(ports, run, {
      id: `${held.action.id}-${held.token}`,
      repository: ref,
      commit: merged.commit,
      home: held.record.repository,
      base,
      isWhole: true,
      signal: held.signal,
    }));
  if (!report) return { kind: 'stopped' };
  const looked = await lookAtPaths(ports, run, { ref, head, base, commit: merged.commit, report });
  const place = { repository: held.record.repository, ref, head };
  const voided = run.dismissals ? await findVoided(ports, place, run.dismissals) : [];
  const { paths, ...told } = looked;
  const based =
    (run.policy.baseTests ?? 'off') !== 'off'
      ? await runBaseTests(ports, run, {
          ...{ ref, base, commit: merged.commit, report, paths, verify: run.policy.verify },
          isFresh: held.action.isFresh,
          runOn: (commit) =>
            verifyForRun(ports, run, {
              ...{ repository: ref, commit, home: held.record.repository, base, signal: held.signal },
              id: `${held.action.id}-${held.token}-base`,
            }),
        })
      : 'none';
  if (!based) return { kind: 'stopped' };
  const seen = {
    ...told,
    ...(known ? { isCarried: true } : {}),
    ...(settings.kind === 'other' ? { policy: settings.policy } : {}),
    ...(settings.kind === 'unclear' ? { unclear: [...settings.why] } : {}),
    ...(voided.length === 0 ? {} : { voided }),
    ...(based === 'none' ? {} : { baseTests: based }),
  };
  if (!held.action.bringsIn || merged.commit === head) return { kind: 'verified', head, base, report, ...seen };
  const content = await ports.git.exportBundle(ref, base, merged.commit);
  const bundle = await ports.artifacts.put(ref.key, content);
  return { kind: 'verified', head: merged.commit, base, report, ...seen, broughtIn: { from: head, bundle } };
}

function isOfCommands({ commands }: VerifyReport, wanted: readonly string[]): boolean {
  return commands.map(({ command }) => command).join('\n') === wanted.join('\n');
}

/** More of them would tell nobody more. */
const touchedAtMost = 200;
/** As many as GitHub takes beside lines. */
const marksAtMost = 50;

type Verified = Extract<VerificationOutcome, { kind: 'verified' }>;

/** What the merge would change on the base branch, whoever changed it; of a rename both names. */
async function lookAtPaths(
  ports: WorkPorts,
  run: Run,
  {
    ref,
    head,
    base,
    commit,
    report,
  }: Pick<Key, 'ref' | 'head' | 'base'> & {
    readonly commit: string;
    readonly report: VerifyReport;
  },
): Promise<
  Pick<Verified, 'change' | 'diff' | 'grave' | 'touched' | 'patch' | 'marks' | 'list' | 'unscanned' | 'weakened'> & {
    readonly paths: readonly string[];
  }
> {
  const { changed, stat, patch, patchIsCut, paths, change } = await readChange(ports, ref, { base, commit });
  const mergeBase = await ports.git.mergeBase(ref, head, base);
  const diff = {
    ...(mergeBase === undefined ? {} : { mergeBase }),
    ...{ stat, ...countHunks(patch) },
    ...(patchIsCut ? { isCut: true } : {}),
  };
  // Reading every file costs more than looking first whether any line of them could be one. Beside lines of the head, since
  // that is the commit that people see.
  const mayHold = patchIsCut || /^\+(?:<{7}|>{7})/m.test(patch);
  const looked = { head, files: changed, before: [base], bytesAtMost: scannedBytesAtMost };
  const { found: marks, unscanned } = mayHold
    ? await findMarks(ports.git, ref, looked, findMark)
    : { found: [], unscanned: [] };
  const touched = findProtected(run, paths).slice(0, touchedAtMost);
  const grave = findMatching(run.policy.review?.fullPaths ?? [], paths).slice(0, touchedAtMost);
  const weakened = run.policy.weakened
    ? [
        ...findFewerPass(report, findGreen(run, await ports.git.treeOf(ref, base))),
        ...listWeakened(
          {
            ...{ changed, patch, patchIsCut },
            packages: await readPackageChanges(ports, { ref, base, commit, changed }, run.policy.verify),
          },
          run.policy.verify,
        ),
      ]
    : [];
  const seen = {
    paths,
    change,
    diff,
    grave,
    touched,
    ...(weakened.length === 0 ? {} : { weakened }),
    ...(unscanned.length === 0 ? {} : { unscanned: unscanned.slice(0, marksAtMost) }),
    ...(marks.length === 0 ? {} : await describeMarks(ports, { repository: ref, head, base, marks, changed })),
  };
  return touched.length === 0 ? seen : { ...seen, patch: await ports.artifacts.putText(ref.key, patch) };
}

interface Marked {
  readonly repository: RepositoryRef;
  readonly head: string;
  readonly base: string;
  readonly marks: readonly MarkPlace[];
  readonly changed: readonly ChangedPath[];
}

/** Each file by its first mark, and the whole conflicts in them. */
async function describeMarks(
  ports: WorkPorts,
  { repository, head, base, marks, changed }: Marked,
): Promise<Pick<Verified, 'marks' | 'list'>> {
  const shown = marks.slice(0, marksAtMost);
  const files = shown.map(({ path }) => changed.find((one) => one.path === path) ?? { path });
  const { list } = await readFileConflicts(ports, { repository, commit: head, files, before: [base] });
  // Half of a conflict holds marks as well, and no side that anybody could choose.
  const unnamed = list.unnamed.map((one) => (one.why === 'not_text' ? { ...one, why: 'unclear' as const } : one));
  return { marks: shown, list: { ...list, unnamed } };
}

/** For good, on top of the head; nothing where it holds the base already. */
async function bringIn(
  ports: WorkPorts,
  run: Run,
  { ref, head, base }: Pick<Key, 'ref' | 'head' | 'base'>,
): Promise<ForwardMerge> {
  if (await ports.git.isAncestor(ref, base, head)) return { kind: 'merged', commit: head };
  return await ports.git.merge({ repository: ref, ours: head, theirs: base, message: renderMergeMessage(run), author });
}
