// One attempt of one task: isolated copy, agent in a sandbox, one commit made by the host, scope, verification, anchor.
import { join } from 'node:path';
import type { Cause } from '../core/model/cause.ts';
import { type AttemptOutcome, isGreen, isPassed } from '../core/model/result.ts';
import type { Run, Task } from '../core/model/run.ts';
import type { SessionPhase } from '../core/model/session-phase.ts';
import { nothingSpent, type Spend } from '../core/model/spend.ts';
import { evaluateScope } from '../core/plan/evaluate-scope.ts';
import { findOnlyContract } from '../core/plan/foreign-contract.ts';
import { renderAttemptPrompt } from '../core/prompt/render-attempt-prompt.ts';
import { findTask } from '../core/run/task-state.ts';
import { redact } from '../core/sanitise/redact.ts';
import { captureWorkspace, toRefusalCause } from './capture-workspace.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit } from './ensure-commit.ts';
import { countNewSecrets } from './find-secrets.ts';
import { followSession, type TurnLimit, toTurnLimit, toTurns } from './follow-session.ts';
import { keepRest } from './keep-rest.ts';
import type { CaptureResult, RepositoryRef } from './port/git.ts';
import { recordLive } from './record-live.ts';
import { repairConflict } from './repair-conflict.ts';
import { runAgent } from './run-agent.ts';
import { runVerify } from './run-verify.ts';
import { toFailure } from './to-failure.ts';
import { toOutward } from './to-outward.ts';
import { toTurnCause } from './to-turn-cause.ts';
import { toCallerRun, toSandboxLimits, type WorkPorts } from './work-ports.ts';

interface AttemptScene {
  readonly held: Held<'attempt'>;
  readonly run: Run;
  readonly task: Task;
  readonly repository: RepositoryRef;
  readonly workspace: string;
}

export async function runAttempt(ports: WorkPorts, held: Held<'attempt'>): Promise<AttemptOutcome> {
  const { record, action, signal } = held;
  if (action.repair) return await repairConflict(ports, held, action.repair);
  const { run } = record;
  const task = run && findTask(run, action.task);
  if (!run || run.id !== action.runId || !task || signal.aborted) return { kind: 'stopped', spend: nothingSpent };
  const place = await ports.openWorkPlace(`${action.id}-${held.token}`);
  try {
    const repository = await ensureCommit(ports, record.repository, {
      commit: action.base,
      bundle: run.integration?.bundle,
    });
    const workspace = join(place.folder, 'workspace');
    await ports.git.checkout(repository, action.base, workspace);
    return await attempt(ports, { held, run, task, repository, workspace });
  } catch (error) {
    const cause = toFailure(error);
    const { spend } = held.spent;
    return signal.aborted ? { kind: 'stopped', spend } : { kind: 'failed', cause, summary: '', spend };
  } finally {
    await place.dispose();
  }
}

async function attempt(ports: WorkPorts, scene: AttemptScene): Promise<AttemptOutcome> {
  const { held, run, task } = scene;
  const live = recordLive(ports, held.subject, held.action.id);
  const session = followSession(live.take);
  const { turn, spend } = await runAgent(ports, {
    id: `${held.action.id}-${held.token.slice(0, 8)}`,
    workspace: scene.workspace,
    prompt: renderAttemptPrompt(run, task),
    caller: {
      run: toCallerRun(held.record.repository, held.record.number, run.id),
      role: `task-${task.key}`,
      attempt: String(held.action.number),
    },
    turnMs: run.policy.attemptMs,
    idleMs: run.policy.idleMs,
    turns: toTurns(run.policy),
    limits: toSandboxLimits(ports.options, run.policy),
    budget: held.action.limits,
    onSpend: (used) => {
      held.spent.spend = used;
    },
    signal: held.signal,
    onEvent: session.onEvent,
  });
  const phases = session.conclude(turn);
  const noted = phases.length === 0 ? {} : { phases };
  const transcript = await ports.artifacts.putText(scene.repository.key, await live.end());
  if (held.signal.aborted) return { kind: 'stopped', spend };
  const said = redact(turn.text).text.slice(-2_000);
  const fail = (cause: Cause, more: object = {}): AttemptOutcome => ({
    kind: 'failed',
    cause,
    transcript,
    summary: said,
    ...noted,
    spend,
    ...more,
  });
  if (turn.kind === 'failed') return fail(toTurnCause(ports, turn, { run, spend, limits: held.action.limits, phases }));
  const cutShort = toTurnLimit(run.policy, turn);
  if (turn.kind === 'stopped_early' && !cutShort)
    return fail({ kind: 'agent_gave_up', why: `it ended early (${turn.reason}). ${said}`.slice(0, 500) });
  const message = renderCommitMessage(held, run, task);
  const captured = await captureWorkspace(ports, { ...scene, base: held.action.base, message });
  if (captured.kind === 'unchanged') return fail(cutShort ?? { kind: 'no_change', said });
  if (captured.kind === 'refused') {
    return fail(toRefusalCause(captured.refusal));
  }
  const patch = await ports.artifacts.putText(scene.repository.key, captured.patch);
  const scope = evaluateScope(captured.changed, task, run.tasks);
  if (scope.kind === 'outside') {
    const foreign = findOnlyContract(scope, run.tasks.filter(isMerged));
    const told = { transcript, summary: said, spend, patch, ...noted };
    const rest = { repository: scene.repository, base: held.action.base, captured, message, told };
    const blocked = foreign && (await keepRest(ports, { ...rest, foreign }));
    if (blocked) return blocked;
    const paths = scope.paths.map(({ path }) => path);
    return fail({ kind: 'scope_violation', paths }, { patch, stat: captured.stat });
  }
  const { base } = held.action;
  const { changed, commit } = captured;
  const secrets = await countNewSecrets(ports.git, scene.repository, { base, head: commit, changed });
  if (secrets > 0) return fail({ kind: 'secret_found', count: secrets });
  return await verifyAndAnchor(ports, scene, { captured, patch, transcript, said, spend, noted, cutShort });
}

/** A contract that is not there yet cannot be amended. */
function isMerged({ state }: Task): boolean {
  return state.kind === 'merged';
}

function renderCommitMessage(held: Held<'attempt'>, run: Run, task: Task): string {
  const { login, id } = run.startedBy;
  const title = toOutward(task.title.replace(/\s+/g, ' ').replace(/[@#]/g, '$&\u200b').slice(0, 72));
  return `${title}\n\nTask ${task.key} of run ${run.id} for #${held.record.number}.\n\nCo-authored-by: ${login} <${id}+${login}@users.noreply.github.com>\n`;
}

interface Captured {
  readonly captured: Extract<CaptureResult, { kind: 'captured' }>;
  readonly patch: string;
  readonly transcript: string;
  readonly said: string;
  readonly spend: Spend;
  readonly noted: { readonly phases?: SessionPhase[] };
  /** The agent was ended at its limit of turns: what there is goes the same way as what is done. */
  readonly cutShort: TurnLimit | undefined;
}

async function verifyAndAnchor(ports: WorkPorts, scene: AttemptScene, result: Captured): Promise<AttemptOutcome> {
  const { held, run, repository } = scene;
  const { captured, patch, transcript, said, spend, noted, cutShort } = result;
  const { commit, tree, stat } = captured;
  const report = await runVerify(ports, {
    id: `${held.action.id}-${held.token}-verify`,
    repository,
    commit,
    commands: run.policy.verify,
    timeoutMs: run.policy.verifyTimeoutMs,
    limits: toSandboxLimits(ports.options, run.policy),
    signal: held.signal,
  });
  if (!report) return { kind: 'stopped', spend };
  if (!isGreen(report)) {
    const failures = report.commands.filter((command) => !isPassed(command));
    const cause: Cause = cutShort ? { ...cutShort, failures } : { kind: 'verify_red', failures };
    return { kind: 'failed', cause, patch, transcript, stat, summary: said, ...noted, spend };
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
    ...noted,
    ...(cutShort ? { cutShort } : {}),
    spend,
  };
}
