// One attempt of one task: isolated copy, the steps of its workflow, one commit made by the host, scope, verification, anchor.
import { join } from 'node:path';
import type { Cause } from '../core/model/cause.ts';
import type { Checkpoint } from '../core/model/checkpoint.ts';
import type { InputReport } from '../core/model/input-report.ts';
import { type AttemptOutcome, isGreen, isPassed, type VerifyReport } from '../core/model/result.ts';
import type { Run, Task } from '../core/model/run.ts';
import type { SessionPhase } from '../core/model/session-phase.ts';
import type { SetupNote } from '../core/model/setup-note.ts';
import { nothingSpent, type Spend } from '../core/model/spend.ts';
import type { StepReport } from '../core/model/step-report.ts';
import { findMark } from '../core/plan/conflict-mark.ts';
import { evaluateScope } from '../core/plan/evaluate-scope.ts';
import { findOnlyContract } from '../core/plan/foreign-contract.ts';
import { toTaskPacket } from '../core/prompt/task-packet.ts';
import { plainWorkflow } from '../core/resource/choose-workflow.ts';
import type { Catalog } from '../core/resource/open-catalog.ts';
import type { Workflow } from '../core/resource/resource.ts';
import { listReadingWorkflows } from '../core/resource/task-workflow.ts';
import { deepenReview } from '../core/review/deepen-review.ts';
import { listOwners } from '../core/run/list-owners.ts';
import { findTask } from '../core/run/task-state.ts';
import { captureWorkspace, lookAtWorkspace, resultBytesAtMost, toRefusalCause } from './capture-workspace.ts';
import type { Held } from './carry-out.ts';
import { toCheckpointOwner } from './checkpoint-owner.ts';
import { CannotContinue, continueAttempt, findCheckpoint, tellAnew, tellTakeover } from './continue-attempt.ts';
import { ensureCommit } from './ensure-commit.ts';
import { findMarks } from './find-marks.ts';
import { countNewSecrets } from './find-secrets.ts';
import { findVeto } from './find-veto.ts';
import type { TurnLimit } from './follow-session.ts';
import { openCheckpoints } from './keep-checkpoints.ts';
import { keepLeftover } from './keep-leftover.ts';
import { keepRest } from './keep-rest.ts';
import { loadCatalog } from './load-catalog.ts';
import { openPlaceFor } from './open-place.ts';
import type { CaptureResult, RepositoryRef } from './port/git.ts';
import { readFixMatter } from './read-fix-matter.ts';
import { readNotes } from './read-notes.ts';
import { renderCommitMessage } from './render-commit-message.ts';
import { repairConflict } from './repair-conflict.ts';
import { type Looked, readWhatIsReviewed, report } from './review.ts';
import { runSteps, type StepsEnd } from './run-steps.ts';
import { openPurse, type StepPurse } from './step-purse.ts';
import { toFailure } from './to-failure.ts';
import { verifyForRun } from './verify-for-run.ts';
import type { SandboxPlace, WorkPorts } from './work-ports.ts';

interface AttemptScene {
  readonly held: Held<'attempt'>;
  readonly run: Run;
  readonly task: Task;
  readonly repository: RepositoryRef;
  readonly workspace: string;
  /** Of all beginnings together. */
  readonly purse: StepPurse;
  /** Where a holder that is gone had got to. */
  readonly from?: Checkpoint | undefined;
}

export async function runAttempt(ports: WorkPorts, held: Held<'attempt'>): Promise<AttemptOutcome> {
  const { record, action, signal } = held;
  const { run } = record;
  const task = run && findTask(run, action.task);
  if (!run || run.id !== action.runId || !task || signal.aborted) return { kind: 'stopped', spend: nothingSpent };
  const facts = { task: task.key, attempt: action.number, base: action.base, repairs: action.repair !== undefined };
  const veto = await findVeto(ports, 'before-attempt', held, facts);
  if (signal.aborted) return { kind: 'stopped', spend: nothingSpent };
  if (veto) return { kind: 'failed', cause: veto, summary: '', spend: nothingSpent };
  if (action.repair) return await repairConflict(ports, held, action.repair);
  const place = await ports.openWorkPlace(`${action.id}-${held.token}`);
  const purse = openPurse(action.limits, ports.options.attemptTokens);
  const begin = async (name: string, from?: Checkpoint) => {
    const repository = await ensureCommit(ports, record.repository, {
      commit: action.base,
      bundle: run.integration?.bundle,
    });
    // What says how tasks are carried out is at the run's base, which the head of somebody's branch need not contain.
    await ensureCommit(ports, record.repository, { commit: run.base.sha });
    const workspace = join(place.folder, name);
    await ports.git.checkout(repository, action.base, workspace);
    return await attempt(ports, { held, run, task, repository, workspace, purse, from });
  };
  try {
    const from = findCheckpoint(task, action);
    const outcome = from && (await begin('continued', from).catch(unlessAnew));
    if (outcome && !(outcome instanceof CannotContinue)) return outcome;
    if (signal.aborted) return { kind: 'stopped', spend: held.spent.spend };
    if (outcome) await tellAnew(ports, held, outcome);
    return await begin('workspace');
  } catch (error) {
    const cause = toFailure(error);
    const { spend } = held.spent;
    return signal.aborted ? { kind: 'stopped', spend } : { kind: 'failed', cause, summary: '', spend };
  } finally {
    await place.dispose();
  }
}

function unlessAnew(error: unknown): CannotContinue {
  if (error instanceof CannotContinue) return error;
  throw error;
}

/** What every end of the attempt tells, however it ended. */
interface Told {
  readonly packet: string;
  readonly workflow: string;
  readonly steps: StepReport[];
  readonly phases?: SessionPhase[];
  readonly input?: InputReport;
  readonly setup?: SetupNote;
}

async function attempt(ports: WorkPorts, scene: AttemptScene): Promise<AttemptOutcome> {
  const { held, run, task, repository } = scene;
  // Nothing, but where this is the second beginning.
  const { spend } = held.spent;
  const nothing = { summary: '', spend };
  const catalog = await loadCatalog(ports, repository, run.base.sha);
  // Tasks that were planned before there were workflows name none.
  const name = task.workflow ?? plainWorkflow;
  const named = catalog.workflows.get(name);
  if (!named) return { kind: 'failed', cause: toMissing(catalog, name), ...nothing };
  // The operator's files may have changed since the run was started as one that only reads.
  if (run.reads && !listReadingWorkflows(catalog).includes(named))
    return { kind: 'failed', cause: toMissing(catalog, name, 'It does not only read by now.'), ...nothing };
  const looked = run.reads && (await readWhatIsReviewed(ports, held, run.reads));
  const workflow = looked?.plan ? deepenReview(named, looked.plan) : named;
  const reads = looked?.reviewed;
  const notes = await readNotes(ports, held.record.repository, run);
  const said = await readFixMatter(ports, held.record.repository, { run, task });
  if (said && 'kind' in said) return { kind: 'failed', cause: said, ...nothing };
  const packet = toTaskPacket(run, task, {
    ...{ workflow, limits: held.action.limits, notes, matter: said?.matter },
    ...(reads ? { reads } : {}),
  });
  if (!packet) return { kind: 'failed', cause: { kind: 'agent_gave_up', why: 'the task says nothing' }, ...nothing };
  const kept = await ports.artifacts.putText(repository.key, JSON.stringify(packet, null, 2));
  const place = await openPlaceFor(ports, held, run);
  if (!place) return { kind: 'stopped', spend };
  const owner = toCheckpointOwner(held);
  const { from } = scene;
  const known = from && (await continueAttempt(ports, { ...scene, owner, workflow, from }));
  if (held.signal.aborted) return { kind: 'stopped', spend };
  const onResumed = async () => {
    if (from) await tellTakeover(held, { kind: 'resumed', at: ports.clock.now(), takenAt: from.at });
  };
  if (from && !from.session) await onResumed();
  const keeper = openCheckpoints(ports, { ...scene, owner, workflow: workflow.name, done: from?.done ?? [] });
  const ran = await runSteps(ports, {
    ...scene,
    place,
    ...(known ? { known } : {}),
    keeper,
    resumed: from?.session && { session: from.session, onResumed },
    onDone: async ({ report, cutShort }) => {
      // One that was ended at its limit ends the attempt: who comes after it must not take it for done.
      if (!cutShort) await keeper.stepEnded(report);
    },
    catalog,
    workflow,
    packet,
    until: ports.clock.now() + run.policy.attemptMs,
    concurrency: workflow.concurrency,
    base: held.action.base,
    look: (base) => lookAtWorkspace(ports, { ...scene, base }),
  }).finally(keeper.close);
  return await settle(ports, { ...scene, workflow, packet: kept, looked, input: said?.report, place }, ran);
}

function toMissing(catalog: Catalog, name: string, otherwise = 'There is no workflow of that name.'): Cause {
  const entry = catalog.entries.find((one) => one.kind === 'workflow' && one.name === name && one.why !== undefined);
  return { kind: 'resource_missing', name, why: entry?.why ?? otherwise };
}

interface SettledScene extends AttemptScene {
  readonly workflow: Workflow;
  readonly packet: string;
  /** Of whoever only reads. */
  readonly looked: Looked | undefined;
  readonly input: InputReport | undefined;
  readonly place: SandboxPlace;
}

async function settle(ports: WorkPorts, scene: SettledScene, ran: StepsEnd): Promise<AttemptOutcome> {
  const { held, run, task } = scene;
  const { spend } = held.spent;
  const transcript = await ports.artifacts.putText(scene.repository.key, ran.transcript);
  if (held.signal.aborted || ran.end.kind === 'stopped') return { kind: 'stopped', spend };
  const noted = ran.phases.length === 0 ? {} : { phases: [...ran.phases] };
  const { packet, input, place } = scene;
  const told: Told = {
    ...{ packet, workflow: scene.workflow.name, steps: [...ran.reports], ...noted },
    ...(input ? { input } : {}),
    ...(place.setup ? { setup: place.setup } : {}),
  };
  const said = ran.said.slice(-2_000);
  const { cutShort } = ran;
  const message = renderCommitMessage(held.record, run, task);
  const fail = (cause: Cause, more: object = {}): AttemptOutcome => ({
    kind: 'failed',
    cause,
    transcript,
    summary: said,
    spend,
    ...told,
    ...more,
  });
  if (ran.end.kind === 'failed') {
    // What only reads leaves nothing.
    const left = run.reads ? {} : await keepLeftover(ports, { ...scene, base: held.action.base, message });
    return held.signal.aborted ? { kind: 'stopped', spend } : fail(ran.end.cause, left);
  }
  if (ran.end.kind === 'asked') return { ...ran.end, transcript, spend };
  if (scene.looked) {
    const { looked, repository } = scene;
    return await report(
      ports,
      { held, run, looked, repository },
      { ran, told: { transcript, summary: said, spend, ...told } },
    );
  }
  const captured = await captureWorkspace(ports, { ...scene, base: held.action.base, message });
  if (captured.kind === 'unchanged') return fail(cutShort ?? { kind: 'no_change', said });
  if (captured.kind === 'refused') return fail(toRefusalCause(captured.refusal));
  const patch = await ports.artifacts.putText(scene.repository.key, captured.patch);
  const scope = evaluateScope(captured.changed, task, listOwners(run, task));
  if (scope.kind === 'outside') {
    const foreign = findOnlyContract(scope, run.tasks.filter(isMerged));
    const bound = { transcript, summary: said, spend, patch, ...told };
    const rest = { repository: scene.repository, base: held.action.base, captured, message, told: bound };
    const blocked = foreign && (await keepRest(ports, { ...rest, foreign }));
    if (blocked) return blocked;
    const paths = scope.paths.map(({ path }) => path);
    return fail({ kind: 'scope_violation', paths }, { patch, stat: captured.stat });
  }
  const { base } = held.action;
  const { changed, commit } = captured;
  const secrets = await countNewSecrets(ports.git, scene.repository, { base, head: commit, changed });
  if (secrets > 0) return fail({ kind: 'secret_found', count: secrets });
  const looked = { head: commit, files: changed, before: [base], bytesAtMost: resultBytesAtMost };
  const { found: marked } = await findMarks(ports.git, scene.repository, looked, findMark);
  if (marked.length > 0)
    return fail({ kind: 'conflict_marks', paths: marked.map(({ path }) => path) }, { patch, stat: captured.stat });
  return await verifyAndAnchor(ports, scene, { captured, patch, transcript, said, spend, told, cutShort });
}

/** A contract that is not there yet cannot be amended. */
function isMerged({ state }: Task): boolean {
  return state.kind === 'merged';
}

interface Captured {
  readonly captured: Extract<CaptureResult, { kind: 'captured' }>;
  readonly patch: string;
  readonly transcript: string;
  readonly said: string;
  readonly spend: Spend;
  readonly told: Told;
  /** The agent was ended at its limit of turns: what there is goes the same way as what is done. */
  readonly cutShort: TurnLimit | undefined;
}

async function verifyAndAnchor(ports: WorkPorts, scene: SettledScene, result: Captured): Promise<AttemptOutcome> {
  const { held, run, repository } = scene;
  const { captured, patch, transcript, said, spend, cutShort } = result;
  const { commit, tree, stat } = captured;
  const report = await verifyForRun(ports, run, {
    id: `${held.action.id}-${held.token}-verify`,
    repository,
    commit,
    home: held.record.repository,
    signal: held.signal,
  });
  if (!report) return { kind: 'stopped', spend };
  const told = { ...result.told, steps: [...result.told.steps, ...toVerifyStep(scene.workflow, report)] };
  if (!isGreen(report)) {
    const failures = report.commands.filter((command) => !isPassed(command));
    const cause: Cause = cutShort ? { ...cutShort, failures } : { kind: 'verify_red', failures };
    return { kind: 'failed', cause, patch, transcript, stat, summary: said, spend, ...told };
  }
  const content = await ports.git.exportBundle(repository, held.action.base, commit);
  const bundle = await ports.artifacts.put(repository.key, content);
  const paths = captured.changed.map(({ path }) => path);
  return {
    kind: 'anchored',
    commit,
    tree,
    paths,
    stat,
    patch,
    bundle,
    transcript,
    summary: said,
    verify: report,
    ...(cutShort ? { cutShort } : {}),
    spend,
    ...told,
  };
}

/** What is verified before anything is kept is a step of the workflow where the workflow says so. */
function toVerifyStep({ steps }: Workflow, report: VerifyReport): StepReport[] {
  const step = steps.find(({ verify }) => verify);
  if (!step) return [];
  const seconds = report.commands.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  return [{ id: step.id, access: 'commands', state: isGreen(report) ? 'done' : 'failed', seconds }];
}
