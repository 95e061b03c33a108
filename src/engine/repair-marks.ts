// Lets an agent settle git's marks between two commits in an isolated copy. What it may change besides is little, and whatever is
// not plainly a repair is refused. No ref moves here, and nothing is verified: what comes of it is for whoever asked.
import type { Cause } from '../core/model/cause.ts';
import type { Instruction } from '../core/model/instruction.ts';
import type { Run } from '../core/model/run.ts';
import { nothingSpent, type Spend } from '../core/model/spend.ts';
import type { StepReport } from '../core/model/step-report.ts';
import { type FindMark, findMark, findMarkOfRepair, hasMarks } from '../core/plan/conflict-mark.ts';
import { evaluateRepairScope, MAX_SECONDARY_FILES } from '../core/plan/evaluate-repair-scope.ts';
import type { SourceFile } from '../core/plan/import-neighbour.ts';
import { redact } from '../core/sanitise/redact.ts';
import { author } from './author.ts';
import { captureWorkspace, resultBytesAtMost, toRefusalCause } from './capture-workspace.ts';
import type { Held } from './carry-out.ts';
import { findMarks } from './find-marks.ts';
import { followSession, toTurnLimit, toTurns } from './follow-session.ts';
import { keepPrompt } from './keep-prompt.ts';
import { openEar } from './open-ear.ts';
import { openPlace } from './open-place.ts';
import type { ChangedPath, RepositoryRef, TreeDiff } from './port/git.ts';
import { readNotes } from './read-notes.ts';
import { recordLive } from './record-live.ts';
import { runAgentChain } from './run-agent-chain.ts';
import { toTurnCause } from './to-turn-cause.ts';
import { toCallerRun, toSandboxPlace, type WorkPorts } from './work-ports.ts';

export interface RepairScene {
  readonly held: Held<'attempt'> | Held<'repair'>;
  readonly run: Run;
  readonly repository: RepositoryRef;
  readonly workspace: string;
  /** What is merged, and the commit that both stand on. The result has both as its parents, `ours` first. */
  readonly ours: string;
  readonly theirs: string;
  readonly common: string;
  /** Under which its calls of the model are counted. */
  readonly role: string;
  /** What belongs to others, and is not to be changed with it. */
  readonly foreignContracts: readonly string[];
  /** `told`: what people told the agents of the task; nobody tells one that works for no task. */
  toPrompt(marked: Marked, notes: string, told: readonly Instruction[]): string;
  toMessage(secondary: readonly string[]): string;
}

/** What the agent works on, and what each side changed before. */
export interface Marked {
  readonly commit: string;
  readonly paths: readonly string[];
  readonly ours: TreeDiff;
  readonly theirs: TreeDiff;
}

/** How far it came when it failed, or when it is done. */
export interface RepairTold {
  readonly transcript?: string;
  readonly summary: string;
  readonly spend: Spend;
  readonly steps?: StepReport[];
}

export type Repaired =
  | {
      readonly kind: 'repaired';
      readonly commit: string;
      /** Files that held marks; nothing was in conflict any more where there is none. */
      readonly paths: readonly string[];
      readonly secondary: readonly string[];
      readonly removed: readonly string[];
      /** What took the place of the marks. */
      readonly edits: TreeDiff;
      readonly told: RepairTold;
    }
  | { readonly kind: 'refused'; readonly cause: Cause; readonly told: RepairTold }
  | { readonly kind: 'stopped'; readonly spend: Spend };

const untouched: RepairTold = { summary: '', spend: nothingSpent };

export async function repairMarks(ports: WorkPorts, scene: RepairScene): Promise<Repaired> {
  const { repository, ours, theirs, common } = scene;
  const made = await ports.git.markConflict({ repository, ours, theirs, author });
  // What it conflicted with is gone meanwhile: there is nothing to settle.
  if (made.kind === 'merged') return await finish(ports, scene, { from: made.commit, paths: [], told: untouched });
  const paths = await listMarked(ports, repository, made);
  const bare = made.paths.filter((path) => !paths.includes(path));
  if (bare.length > 0) return refuse(untouched, { kind: 'conflict_unresolved', why: 'not_text', paths: bare });
  const marked: Marked = {
    commit: made.commit,
    paths,
    ours: await ports.git.diff(repository, common, ours),
    theirs: await ports.git.diff(repository, common, theirs),
  };
  await ports.git.checkout(repository, marked.commit, scene.workspace);
  return await letAgentSettle(ports, scene, marked);
}

const bytesAtMost = 8 * 1024 * 1024;

async function listMarked(
  ports: WorkPorts,
  repository: RepositoryRef,
  { commit, paths }: { commit: string; paths: readonly string[] },
): Promise<string[]> {
  const marked: string[] = [];
  for (const path of paths) {
    const text = await ports.git.readFile(repository, commit, path, bytesAtMost);
    if (text !== undefined && hasMarks(text)) marked.push(path);
  }
  return marked;
}

async function letAgentSettle(ports: WorkPorts, scene: RepairScene, marked: Marked): Promise<Repaired> {
  const { held, run } = scene;
  const { policy, base } = run;
  const place = await openPlace(ports, { policy, base, repository: held.record.repository, signal: held.signal });
  if (!place) return { kind: 'stopped', spend: held.spent.spend };
  const live = recordLive(ports, held.subject, held.action.id);
  const session = followSession(live.take);
  const notes = await readNotes(ports, held.record.repository, run);
  const chain = { agents: run.policy.agents.slice(0, 1), models: run.policy.models.agent };
  const ear = held.action.kind === 'attempt' ? openEar(ports, { ...held, action: held.action }, run) : undefined;
  const known = ear ? await ear.listen() : [];
  const text = scene.toPrompt(marked, notes, known);
  const prompt = await keepPrompt(ports, scene.repository, [{ name: 'repair', text }]);
  const startedAt = ports.clock.now();
  const { turn, driver, model, network } = await runAgentChain(ports, chain, {
    id: `${held.action.id}-${held.token.slice(0, 8)}`,
    workspace: scene.workspace,
    prompt: text,
    hearing: ear && { ear, known },
    caller: {
      run: toCallerRun(held.record.repository, held.record.number, run.id),
      role: scene.role,
      attempt: String(held.action.number),
    },
    turnMs: run.policy.attemptMs,
    idleMs: run.policy.idleMs,
    turns: toTurns(run.policy),
    place,
    network: run.policy.sandbox.network,
    budget: held.action.limits,
    onSpend: (used) => {
      held.spent.spend = used;
    },
    signal: held.signal,
    isStillWanted: held.isStillWanted,
    onEvent: session.onEvent,
    // However it ends: what was heard is told before the result.
  }).finally(() => ear?.settled());
  const { spend } = held.spent;
  const transcript = await ports.artifacts.putText(scene.repository.key, await live.end());
  if (held.signal.aborted) return { kind: 'stopped', spend };
  const phases = session.conclude(turn);
  const noted = phases.length === 0 ? {} : { phases };
  const said = redact(turn.text).text;
  const step: StepReport = {
    id: 'settle',
    role: 'repair',
    access: 'write',
    state: turn.kind === 'done' ? 'done' : 'failed',
    prompt,
    output: await ports.artifacts.putText(scene.repository.key, said),
    driver,
    model,
    seconds: (ports.clock.now() - startedAt) / 1000,
    spend,
    ...(network ? { network } : {}),
  };
  const told: RepairTold = { transcript, summary: said.slice(-2_000), spend, steps: [step], ...noted };
  if (turn.kind === 'failed') {
    const about = { run, spend, limits: held.action.limits, phases };
    return refuse(told, toTurnCause(ports, turn, about));
  }
  if (turn.kind === 'stopped_early')
    return refuse(
      told,
      toTurnLimit(run.policy, turn) ?? { kind: 'agent_gave_up', why: `it ended early (${turn.reason})` },
    );
  return await takeRepair(ports, scene, { marked, told });
}

async function takeRepair(
  ports: WorkPorts,
  scene: RepairScene,
  { marked, told }: { marked: Marked; told: RepairTold },
): Promise<Repaired> {
  const unresolved = (why: Extract<Cause, { kind: 'conflict_unresolved' }>['why'], paths: readonly string[]) =>
    refuse(told, { kind: 'conflict_unresolved', why, paths: [...paths] });
  if ((await readHead(ports, scene)) !== marked.commit) return unresolved('head_moved', []);
  const captured = await captureWorkspace(ports, { ...scene, base: marked.commit, message: 'A repair\n' });
  if (captured.kind === 'unchanged') return unresolved('marker_left', marked.paths);
  if (captured.kind === 'refused') return refuse(told, toRefusalCause(captured.refusal));
  const scope = await judgeScope(ports, scene, { marked, changed: captured.changed });
  if (scope.kind !== 'inside') return unresolved(scope.kind, scope.paths);
  const { secondary, strays } = scope;
  const made = { from: captured.commit, paths: marked.paths, secondary, strays, marked: marked.commit, told };
  const repaired = await finish(ports, scene, made);
  const left = await listMarksLeft(ports, scene, { commit: repaired.commit, marked: marked.paths, secondary });
  return left.length > 0 ? unresolved('marker_left', left) : repaired;
}

interface Made {
  readonly from: string;
  readonly paths: readonly string[];
  readonly secondary?: readonly string[];
  readonly strays?: readonly string[];
  /** The commit with the marks, where the agent began. */
  readonly marked?: string;
  readonly told: RepairTold;
}

/** One commit with both sides behind it, and without what the agent added besides. */
async function finish(
  ports: WorkPorts,
  { repository, ours, theirs, toMessage }: RepairScene,
  { from, paths, secondary = [], strays = [], marked = from, told }: Made,
): Promise<Extract<Repaired, { kind: 'repaired' }>> {
  const { commit } = await ports.git.commitAnew({
    repository,
    from,
    reset: { paths: strays, to: marked },
    parents: [ours, theirs],
    message: toMessage(secondary),
    author,
  });
  const edits = await ports.git.diff(repository, marked, commit);
  return { kind: 'repaired', commit, paths, secondary, removed: strays, edits, told };
}

/** Asked in a sandbox: whatever its `.git` has become is not for the host to open. */
async function readHead(ports: WorkPorts, { held, run, workspace }: RepairScene): Promise<string> {
  const { provider, limits } = toSandboxPlace(ports.options, run.policy);
  const sandbox = await ports.sandboxes.create({
    id: `head-${held.token.slice(0, 8)}`,
    workspace: { path: workspace, access: 'read-only' },
    readOnly: [],
    env: {},
    network: { mode: 'deny' },
    provider,
    limits: { ...limits, wallMs: 60_000 },
  });
  try {
    const child = sandbox.spawn(['git', '-c', 'safe.directory=*', 'rev-parse', '--verify', 'HEAD']);
    child.stdin.end();
    const chunks: Buffer[] = [];
    const take = async () => {
      for await (const chunk of child.stdout) chunks.push(Buffer.from(chunk));
    };
    await Promise.all([take(), child.stderr.resume(), child.end]);
    return Buffer.concat(chunks).toString('utf8').trim();
  } finally {
    await sandbox.dispose();
  }
}

async function judgeScope(
  ports: WorkPorts,
  { repository, foreignContracts }: RepairScene,
  { marked, changed }: { marked: Marked; changed: readonly ChangedPath[] },
) {
  const merged = await readMerged(ports, repository, marked);
  const others = changed.filter(({ path, status }) => status !== 'added' && !marked.paths.includes(path));
  const texts = new Map<string, string>();
  for (const { path } of others.slice(0, MAX_SECONDARY_FILES + 1))
    texts.set(path, await readSource(ports, repository, { commit: marked.commit, path }));
  return evaluateRepairScope(changed, { marked: marked.paths, merged, texts, foreignContracts });
}

const mergedFilesRead = 200;

/** Every file that either side changed; the text of the first ones, which is what imports are read from. */
async function readMerged(ports: WorkPorts, repository: RepositoryRef, marked: Marked): Promise<SourceFile[]> {
  const changes = [...marked.ours.changed, ...marked.theirs.changed];
  const paths = [...new Set(changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])))];
  const files: SourceFile[] = [];
  for (const [at, path] of paths.entries()) {
    const text = at < mergedFilesRead ? await readSource(ports, repository, { commit: marked.commit, path }) : '';
    files.push({ path, text });
  }
  return files;
}

const sourceBytesAtMost = 512 * 1024;

/** A file that is too large to be source, or is not there, imports nothing. */
async function readSource(
  ports: WorkPorts,
  repository: RepositoryRef,
  { commit, path }: { commit: string; path: string },
): Promise<string> {
  return (await ports.git.readFile(repository, commit, path, sourceBytesAtMost).catch(() => undefined)) ?? '';
}

async function listMarksLeft(
  ports: WorkPorts,
  { ours, theirs, repository }: RepairScene,
  { commit, marked, secondary }: { commit: string; marked: readonly string[]; secondary: readonly string[] },
): Promise<string[]> {
  const look = async (paths: readonly string[], find: FindMark) => {
    const looked = {
      head: commit,
      files: paths.map((path) => ({ path })),
      bytesAtMost: resultBytesAtMost,
      before: [ours, theirs],
    };
    const { found } = await findMarks(ports.git, repository, looked, find);
    return found.map(({ path }) => path);
  };
  // A file that was not in conflict may well have got a heading of seven signs.
  return [...(await look(marked, findMarkOfRepair)), ...(await look(secondary, findMark))];
}

function refuse(told: RepairTold, cause: Cause): Extract<Repaired, { kind: 'refused' }> {
  return { kind: 'refused', cause, told };
}
