// A repair of a merge that conflicts, as one attempt of its task: an agent settles git's marks in an isolated copy, and
// what it may change besides is little. Whatever is not plainly a repair is refused; the branch of the run never moves here.
import { join } from 'node:path';
import type { Cause } from '../core/model/cause.ts';
import { type AttemptOutcome, isGreen, isPassed } from '../core/model/result.ts';
import type { Run, Task } from '../core/model/run.ts';
import { nothingSpent, type Spend } from '../core/model/spend.ts';
import type { StepReport } from '../core/model/step-report.ts';
import { type FindMark, findMark, findMarkOfRepair, hasMarks } from '../core/plan/conflict-mark.ts';
import { evaluateRepairScope, MAX_SECONDARY_FILES } from '../core/plan/evaluate-repair-scope.ts';
import type { SourceFile } from '../core/plan/import-neighbour.ts';
import { renderRepairPrompt } from '../core/prompt/render-repair-prompt.ts';
import { listOwners } from '../core/run/list-owners.ts';
import { findTask } from '../core/run/task-state.ts';
import { redact } from '../core/sanitise/redact.ts';
import { author } from './author.ts';
import { captureWorkspace, toRefusalCause } from './capture-workspace.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit } from './ensure-commit.ts';
import { findMarks } from './find-marks.ts';
import { countNewSecrets } from './find-secrets.ts';
import { followSession, toTurnLimit, toTurns } from './follow-session.ts';
import { keepPrompt } from './keep-prompt.ts';
import { openEar } from './open-ear.ts';
import type { ChangedPath, RepositoryRef, TreeDiff } from './port/git.ts';
import { readNotes } from './read-notes.ts';
import { recordLive } from './record-live.ts';
import { runAgentChain } from './run-agent-chain.ts';
import { toFailure } from './to-failure.ts';
import { toTurnCause } from './to-turn-cause.ts';
import { verifyForRun } from './verify-for-run.ts';
import { toCallerRun, toSandboxPlace, type WorkPorts } from './work-ports.ts';

type Repair = NonNullable<Held<'attempt'>['action']['repair']>;

interface RepairScene {
  readonly held: Held<'attempt'>;
  readonly repair: Repair;
  readonly run: Run;
  readonly task: Task;
  readonly repository: RepositoryRef;
  readonly workspace: string;
}

/** What the agent worked on, and what was before it. */
interface Marked {
  readonly commit: string;
  readonly paths: readonly string[];
  readonly own: TreeDiff;
  readonly others: TreeDiff;
}

/** How far it came when it failed, or when it is merged. */
interface Told {
  readonly transcript?: string;
  readonly summary: string;
  readonly spend: Spend;
  readonly steps?: StepReport[];
}

export async function repairConflict(ports: WorkPorts, held: Held<'attempt'>, repair: Repair): Promise<AttemptOutcome> {
  const { record, action, signal } = held;
  const { run } = record;
  const task = run && findTask(run, action.task);
  if (!run || run.id !== action.runId || !task || signal.aborted) return { kind: 'stopped', spend: nothingSpent };
  const place = await ports.openWorkPlace(`${action.id}-${held.token}`);
  try {
    const ours = { commit: action.base, bundle: run.integration?.bundle };
    const repository = await ensureCommit(ports, record.repository, ours);
    await ensureCommit(ports, record.repository, { commit: repair.commit, bundle: repair.bundle });
    const workspace = join(place.folder, 'workspace');
    return await settle(ports, { held, repair, run, task, repository, workspace });
  } catch (error) {
    const { spend } = held.spent;
    return signal.aborted
      ? { kind: 'stopped', spend }
      : { kind: 'failed', cause: toFailure(error), summary: '', spend };
  } finally {
    await place.dispose();
  }
}

async function settle(ports: WorkPorts, scene: RepairScene): Promise<AttemptOutcome> {
  const { held, repair, repository } = scene;
  const ours = held.action.base;
  const made = await ports.git.markConflict({ repository, ours, theirs: repair.commit, author });
  // What it conflicted with is gone meanwhile: there is nothing to settle.
  if (made.kind === 'merged')
    return await verifyRepair(ports, scene, { commit: made.commit, told: untouched, secondary: [], removed: [] });
  const paths = await listMarked(ports, repository, made);
  const bare = made.paths.filter((path) => !paths.includes(path));
  if (bare.length > 0) return refuse(untouched, { kind: 'conflict_unresolved', why: 'not_text', paths: bare });
  const marked: Marked = {
    commit: made.commit,
    paths,
    own: await ports.git.diff(repository, repair.base, repair.commit),
    others: await ports.git.diff(repository, repair.base, ours),
  };
  await ports.git.checkout(repository, marked.commit, scene.workspace);
  return await letAgentSettle(ports, scene, marked);
}

const untouched: Told = { summary: '', spend: nothingSpent };
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

async function letAgentSettle(ports: WorkPorts, scene: RepairScene, marked: Marked): Promise<AttemptOutcome> {
  const { held, run, task } = scene;
  const live = recordLive(ports, held.subject, held.action.id);
  const session = followSession(live.take);
  const notes = await readNotes(ports, held.record.repository, run);
  const view = { marked: marked.paths, own: marked.own.patch, others: marked.others.patch, notes };
  const chain = { agents: run.policy.agents.slice(0, 1), models: run.policy.models.agent };
  const ear = openEar(ports, held, run);
  const known = await ear.listen();
  const text = renderRepairPrompt({ ...run, instructions: [...known] }, task, view);
  const prompt = await keepPrompt(ports, scene.repository, [{ name: 'repair', text }]);
  const startedAt = ports.clock.now();
  const { turn, driver, model, network } = await runAgentChain(ports, chain, {
    id: `${held.action.id}-${held.token.slice(0, 8)}`,
    workspace: scene.workspace,
    prompt: text,
    hearing: { ear, known },
    caller: {
      run: toCallerRun(held.record.repository, held.record.number, run.id),
      role: `repair-${task.key}`,
      attempt: String(held.action.number),
    },
    turnMs: run.policy.attemptMs,
    idleMs: run.policy.idleMs,
    turns: toTurns(run.policy),
    place: toSandboxPlace(ports.options, run.policy),
    network: run.policy.sandbox.network,
    budget: held.action.limits,
    onSpend: (used) => {
      held.spent.spend = used;
    },
    signal: held.signal,
    isStillWanted: held.isStillWanted,
    onEvent: session.onEvent,
    // However it ends: what was heard is told before the result.
  }).finally(() => ear.settled());
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
  const told: Told = { transcript, summary: said.slice(-2_000), spend, steps: [step], ...noted };
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
  { marked, told }: { marked: Marked; told: Told },
): Promise<AttemptOutcome> {
  const { held, repair, repository, task } = scene;
  const unresolved = (why: Extract<Cause, { kind: 'conflict_unresolved' }>['why'], paths: readonly string[]) =>
    refuse(told, { kind: 'conflict_unresolved', why, paths: [...paths] });
  if ((await readHead(ports, scene)) !== marked.commit) return unresolved('head_moved', []);
  const captured = await captureWorkspace(ports, { ...scene, base: marked.commit, message: 'A repair\n' });
  if (captured.kind === 'unchanged') return unresolved('marker_left', marked.paths);
  if (captured.kind === 'refused') return refuse(told, toRefusalCause(captured.refusal));
  const scope = await judgeScope(ports, scene, { marked, changed: captured.changed });
  if (scope.kind !== 'inside') return unresolved(scope.kind, scope.paths);
  const also = scope.secondary.map((path) => `- ${path}\n`).join('');
  const { commit } = await ports.git.commitAnew({
    repository,
    from: captured.commit,
    reset: { paths: scope.strays, to: marked.commit },
    parents: [held.action.base, repair.commit],
    message: `Merge task ${task.key}\n\nIts conflict was repaired.\n${also === '' ? '' : `\nAlso changed for that:\n${also}`}`,
    author,
  });
  const left = await listMarksLeft(ports, scene, { commit, marked: marked.paths, secondary: scope.secondary });
  if (left.length > 0) return unresolved('marker_left', left);
  return await verifyRepair(ports, scene, { commit, told, secondary: scope.secondary, removed: scope.strays });
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
  { run, task, repository }: RepairScene,
  { marked, changed }: { marked: Marked; changed: readonly ChangedPath[] },
) {
  const merged = await readMerged(ports, repository, marked);
  const others = changed.filter(({ path, status }) => status !== 'added' && !marked.paths.includes(path));
  const texts = new Map<string, string>();
  for (const { path } of others.slice(0, MAX_SECONDARY_FILES + 1))
    texts.set(path, await readSource(ports, repository, { commit: marked.commit, path }));
  const foreignContracts = listOwners(run)
    .filter(({ key }) => key !== task.key)
    .flatMap(({ contracts }) => contracts);
  return evaluateRepairScope(changed, { marked: marked.paths, merged, texts, foreignContracts });
}

const mergedFilesRead = 200;

/** Every file that either side changed; the text of the first ones, which is what imports are read from. */
async function readMerged(ports: WorkPorts, repository: RepositoryRef, marked: Marked): Promise<SourceFile[]> {
  const changes = [...marked.own.changed, ...marked.others.changed];
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
  { held, repair, repository }: RepairScene,
  { commit, marked, secondary }: { commit: string; marked: readonly string[]; secondary: readonly string[] },
): Promise<string[]> {
  const look = async (paths: readonly string[], find: FindMark) => {
    const looked = {
      head: commit,
      files: paths.map((path) => ({ path })),
      before: [held.action.base, repair.commit],
    };
    return (await findMarks(ports.git, repository, looked, find)).map(({ path }) => path);
  };
  // A file that was not in conflict may well have got a heading of seven signs.
  return [...(await look(marked, findMarkOfRepair)), ...(await look(secondary, findMark))];
}

interface Repaired {
  readonly commit: string;
  readonly told: Told;
  readonly secondary: readonly string[];
  readonly removed: readonly string[];
}

async function verifyRepair(ports: WorkPorts, scene: RepairScene, repaired: Repaired): Promise<AttemptOutcome> {
  const { held, run, task, repository } = scene;
  const { commit, told, secondary, removed } = repaired;
  const { base } = held.action;
  const { changed, stat, patch: text } = await ports.git.diff(repository, base, commit);
  const secrets = await countNewSecrets(ports.git, repository, { base, head: commit, changed });
  if (secrets > 0) return refuse(told, { kind: 'secret_found', count: secrets });
  const report = await verifyForRun(ports, run, {
    id: `${held.action.id}-${held.token}-verify`,
    repository,
    commit,
    signal: held.signal,
  });
  if (!report) return { kind: 'stopped', spend: told.spend };
  const patch = await ports.artifacts.putText(repository.key, text);
  if (!isGreen(report)) {
    const failures = report.commands.filter((command) => !isPassed(command));
    return { ...refuse(told, { kind: 'verify_red', failures }), patch, stat };
  }
  const content = await ports.git.exportBundle(repository, base, commit);
  const before = task.kept?.contribution.paths ?? [];
  return {
    kind: 'anchored',
    commit,
    tree: report.tree,
    paths: [...new Set([...before, ...changed.map(({ path }) => path)])],
    stat,
    patch,
    bundle: await ports.artifacts.put(repository.key, content),
    transcript: told.transcript ?? (await ports.artifacts.putText(repository.key, 'Nothing was left to settle.\n')),
    summary: told.summary,
    verify: report,
    spend: told.spend,
    ...(told.steps ? { steps: told.steps } : {}),
    repair: { secondary: [...secondary], removed: [...removed] },
  };
}

function refuse(told: Told, cause: Cause): Extract<AttemptOutcome, { kind: 'failed' }> {
  return { kind: 'failed', cause, ...told };
}
