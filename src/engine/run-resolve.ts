// Puts what people said in place of what conflicts, as one commit of the host: nothing is executed, and no working tree is there.
// A conflict is found again by what it holds; where that is not what was decided about, nothing is made.
import { chooseSide, spliceConflicts } from '../core/conflict/choose-side.ts';
import { isSameConflict } from '../core/conflict/list-conflicts.ts';
import type { ConflictAnswer } from '../core/model/conflict.ts';
import type { ResolutionOutcome } from '../core/model/resolution.ts';
import type { Run } from '../core/model/run.ts';
import { nothingSpent } from '../core/model/spend.ts';
import { author } from './author.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit, fetchBranch, findBundle } from './ensure-commit.ts';
import { countNewSecrets } from './find-secrets.ts';
import type { RepositoryRef } from './port/git.ts';
import { type MarkedFile, type ReadConflicts, readFileConflicts, readMergeConflicts } from './read-conflicts.ts';
import { renderMergeMessage } from './render-merge-message.ts';
import { toEdits } from './to-edits.ts';
import { toFailure } from './to-failure.ts';
import type { WorkPorts } from './work-ports.ts';

type Answers = Held<'resolve'>['action']['answers'];
const spend = nothingSpent;

export async function runResolve(ports: WorkPorts, held: Held<'resolve'>): Promise<ResolutionOutcome> {
  const { record, action, signal } = held;
  const { run } = record;
  if (!run || run.id !== action.runId || signal.aborted) return { kind: 'stopped', spend };
  try {
    const base = await fetchBranch(ports, record.repository, run.base.branch);
    if (base === undefined) {
      const why = `the base branch ${run.base.branch} is gone`;
      return { kind: 'failed', cause: { kind: 'push_rejected', why }, spend };
    }
    const { head } = action;
    const repository = await ensureCommit(ports, record.repository, { commit: head, bundle: findBundle(run, head) });
    const scene = { run, repository, head, base };
    const outcome = action.bringsIn
      ? await resolveMerge(ports, scene, action.answers)
      : await resolveFiles(ports, scene, action.answers);
    return signal.aborted ? { kind: 'stopped', spend } : outcome;
  } catch (error) {
    return signal.aborted ? { kind: 'stopped', spend } : { kind: 'failed', cause: toFailure(error), spend };
  }
}

interface Scene {
  readonly run: Run;
  readonly repository: RepositoryRef;
  readonly head: string;
  readonly base: string;
}

async function resolveMerge(ports: WorkPorts, scene: Scene, answers: Answers): Promise<ResolutionOutcome> {
  const { run, repository, head, base } = scene;
  const read = await readMergeConflicts(ports, { repository, head, base });
  const message = renderMergeMessage(run, { how: 'What conflicts was resolved as people said.' });
  if (read.isMerged) return await mergePlainly(ports, scene, read.commit);
  const spliced = spliceAll(read, answers);
  if (!spliced) return { kind: 'changed', head, base, list: read.list };
  const from = { repository, from: read.commit, files: spliced, parents: [head, base], author };
  const { commit, tree } = await ports.git.commitFiles({ ...from, message });
  return await keep(ports, scene, { from: read.commit, commit, tree, paths: spliced.map(({ path }) => path), base });
}

/** Nothing conflicts any more: the base is brought in as it is. */
async function mergePlainly(ports: WorkPorts, scene: Scene, from: string): Promise<ResolutionOutcome> {
  const { run, repository, head, base } = scene;
  const parents = [head, base];
  const anew = { repository, from, reset: { paths: [], to: from }, parents, message: renderMergeMessage(run), author };
  const { commit, tree } = await ports.git.commitAnew(anew);
  return await keep(ports, scene, { from, commit, tree, paths: [], base });
}

/** Marks in files of the branch itself: those without an answer stay. */
async function resolveFiles(ports: WorkPorts, scene: Scene, answers: Answers): Promise<ResolutionOutcome> {
  const { repository, head } = scene;
  const files = [...new Set(answers.map(({ path }) => path))].map((path) => ({ path }));
  const read = await readFileConflicts(ports, { repository, commit: head, files, before: [] });
  const spliced = splice(read.files, answers);
  if (!spliced) return { kind: 'changed', head, list: read.list };
  const message = 'Resolve conflicts\n\nAs people said.\n';
  const from = { repository, from: head, files: spliced, parents: [head], author };
  const { commit, tree } = await ports.git.commitFiles({ ...from, message });
  return await keep(ports, scene, { from: head, commit, tree, paths: spliced.map(({ path }) => path) });
}

/** A merge is made where exactly that conflicts which was decided about. */
function spliceAll({ list, files }: ReadConflicts, answers: Answers): Spliced[] | undefined {
  const isWhole = list.unnamed.length === 0 && list.found.length === answers.length;
  return isWhole ? splice(files, answers) : undefined;
}

interface Spliced {
  readonly path: string;
  readonly content: Uint8Array;
}

/** Undefined where one of them is not there as it was. */
function splice(files: readonly MarkedFile[], answers: Answers): Spliced[] | undefined {
  let met = 0;
  const spliced = files.map(({ path, text, named }): Spliced => {
    const parts = named.flatMap(({ block, found }) => {
      const answer = answers.find((one) => isSameConflict(one, found));
      const instead = answer && chooseSide(block, toLatin1(answer.is));
      if (instead === undefined) return [];
      met += 1;
      return [[block, instead] as const];
    });
    return { path, content: Buffer.from(spliceConflicts(text, parts), 'latin1') };
  });
  return met === answers.length ? spliced : undefined;
}

/** What people wrote is UTF-8 in the file, whose bytes are characters here. */
function toLatin1(answer: ConflictAnswer): ConflictAnswer {
  if (answer.kind !== 'text') return answer;
  return { kind: 'text', lines: answer.lines.map((line) => Buffer.from(line, 'utf8').toString('latin1')) };
}

interface Made {
  readonly from: string;
  readonly commit: string;
  readonly tree: string;
  readonly paths: readonly string[];
  readonly base?: string;
}

async function keep(
  ports: WorkPorts,
  { repository, head }: Scene,
  { from, commit, tree, paths, base }: Made,
): Promise<ResolutionOutcome> {
  const before = base ?? head;
  const { changed } = await ports.git.diff(repository, before, commit);
  const count = await countNewSecrets(ports.git, repository, { base: before, head: commit, changed });
  if (count > 0) return { kind: 'failed', cause: { kind: 'secret_found', count }, spend };
  const edits = await ports.git.diff(repository, from, commit);
  const content = await ports.git.exportBundle(repository, before, commit);
  return {
    kind: 'resolved',
    head,
    ...(base === undefined ? {} : { base }),
    ...{ commit, tree, bundle: await ports.artifacts.put(repository.key, content) },
    ...{ paths: [...paths], secondary: [], removed: [] },
    ...(await toEdits(ports, repository, edits)),
    spend,
  };
}
