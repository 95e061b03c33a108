// One step of a workflow: one turn of its agent, in a sandbox of its own over the attempt's workspace.
import type { Cause } from '../core/model/cause.ts';
import type { Instruction } from '../core/model/instruction.ts';
import { type NetworkReport, nothingReached } from '../core/model/network-report.ts';
import type { Run, RunPolicy, Task } from '../core/model/run.ts';
import type { SessionPhase } from '../core/model/session-phase.ts';
import { nothingSpent, type Spend } from '../core/model/spend.ts';
import type { StepReport } from '../core/model/step-report.ts';
import { type AgentNetwork, narrowNetwork } from '../core/network/narrow-network.ts';
import { joinStages, listPromptStages } from '../core/prompt/render-attempt-prompt.ts';
import { resumption } from '../core/prompt/render-resumption.ts';
import type { TaskPacket } from '../core/prompt/task-packet.ts';
import { chooseModels } from '../core/resource/choose-models.ts';
import type { Catalog } from '../core/resource/open-catalog.ts';
import type { Agent, Skill, StepMatter, Workflow } from '../core/resource/resource.ts';
import { redact } from '../core/sanitise/redact.ts';
import type { Held } from './carry-out.ts';
import { followSession, type TurnLimit, toTurnLimit, toTurns } from './follow-session.ts';
import type { CheckpointKeeper, KeptSession } from './keep-checkpoints.ts';
import { keepPrompt } from './keep-prompt.ts';
import { openEar } from './open-ear.ts';
import type { TurnResult } from './port/agent.ts';
import type { RepositoryRef } from './port/git.ts';
import { recordLive } from './record-live.ts';
import { type ChainTurn, runAgentChain } from './run-agent-chain.ts';
import type { StepPurse } from './step-purse.ts';
import { toTurnCause } from './to-turn-cause.ts';
import { type SandboxPlace, toCallerRun, type WorkPorts } from './work-ports.ts';

export interface StepScene {
  readonly held: Held<'attempt'> | Held<'review'>;
  readonly run: Run;
  readonly task: Task;
  readonly repository: RepositoryRef;
  readonly workspace: string;
  readonly place: SandboxPlace;
  readonly catalog: Catalog;
  readonly workflow: Workflow;
  readonly packet: TaskPacket;
  readonly purse: StepPurse;
  /** When the attempt has to be over (epoch ms). */
  readonly until: number;
  /** How many steps work at the same time. */
  readonly sharers: number;
  readonly outputs: ReadonlyMap<string, string>;
  /** Keeps from where somebody else can go on; absent where nobody could. */
  readonly keeper?: CheckpointKeeper;
  /** The session that one of the steps goes on with. */
  readonly resumed?: ResumedSession | undefined;
}

export interface ResumedSession {
  readonly session: KeptSession;
  readonly onResumed: () => Promise<void>;
}

interface StepWork {
  readonly report: StepReport;
  readonly text: string;
  readonly transcript: string;
  /** What became of the agent's session while it worked. */
  readonly phases: readonly SessionPhase[];
}

export type StepEnd =
  | ({ readonly kind: 'done'; readonly cutShort?: TurnLimit } & StepWork)
  | ({ readonly kind: 'failed'; readonly cause: Cause } & StepWork)
  | { readonly kind: 'stopped' };

export async function takeStep(ports: WorkPorts, scene: StepScene, step: StepMatter): Promise<StepEnd> {
  const { held, run, task, catalog, repository } = scene;
  const agent = catalog.agents.get(step.role ?? '');
  if (!agent) throw new Error(`a workflow in force names the agent ${step.role}, which is not`);
  if (held.signal.aborted) return { kind: 'stopped' };
  const { rendered, missing } = findSkills(catalog, [...agent.skills, ...step.skills]);
  const ear = held.action.kind === 'attempt' ? openEar(ports, { ...held, action: held.action }, run) : undefined;
  const known = ear && (await ear.listen());
  const stages = listPromptStages({
    ...scene,
    ...(known ? { run: { ...run, instructions: [...known] } } : {}),
    step,
    agent,
    skills: rendered,
  });
  const { keeper } = scene;
  const isWriter = agent.permission === 'write';
  // What only reads has nowhere to keep a session.
  const isKept = keeper !== undefined && isWriter && ports.options.checkpointMs !== undefined;
  const resume = isWriter && scene.resumed?.session.step === step.id ? scene.resumed : undefined;
  const prompt = await keepPrompt(ports, repository, resume ? [...stages, resumptionStage] : stages);
  const startedAt = ports.clock.now();
  const report = (
    state: StepReport['state'],
    more: Pick<StepReport, 'driver' | 'model' | 'output' | 'spend' | 'network'>,
  ): StepReport => ({
    id: step.id,
    role: agent.name,
    access: agent.permission,
    state,
    prompt,
    seconds: (ports.clock.now() - startedAt) / 1000,
    skills: { rendered: rendered.map(({ name }) => name), missing },
    ...more,
  });
  const part = scene.purse.open(step.id, scene.sharers, toMost(agent));
  const turnMs = Math.min(scene.until - startedAt, (agent.limits.minutes ?? Number.POSITIVE_INFINITY) * 60_000);
  const early = part === undefined ? 'budget' : turnMs <= 0 ? 'timeout' : undefined;
  if (early !== undefined || part === undefined) {
    const cause = toTurnCause(ports, { fault: early ?? 'budget', message: '' }, toPart(scene, []));
    return { kind: 'failed', cause, report: report('failed', {}), text: '', transcript: '', phases: [] };
  }
  const live = recordLive(ports, held.subject, held.action.id);
  const session = followSession(live.take);
  const policy = toOwnPolicy(run.policy, agent);
  let stepSpend: Spend = nothingSpent;
  const { models: byRole, agents } = run.policy;
  const chain = {
    agents: agent.driver === undefined ? agents : [agent.driver],
    models: chooseModels(agent, step, {
      chain: held.action.kind === 'review' ? byRole.reviewer : byRole.agent,
      usual: ports.options.models[0],
    }),
  };
  const given = narrowNetwork(run.policy.sandbox.network, agent.network);
  const { turn, driver, model, network } = await runAgentChain(ports, chain, {
    id: `${held.action.id}-${step.id}-${held.token.slice(0, 8)}`,
    workspace: scene.workspace,
    access: agent.permission === 'write' ? 'read-write' : 'read-only',
    prompt: joinStages(stages),
    hearing: ear && known && { ear, known },
    caller: {
      run: toCallerRun(held.record.repository, held.record.number, run.id),
      role: agent.permission === 'write' ? `task-${task.key}` : `task-${task.key}.${step.id}`,
      attempt: String(held.action.number),
    },
    turnMs,
    idleMs: run.policy.idleMs,
    turns: toTurns(policy),
    place: scene.place,
    network: given.domains,
    budget: part.limits,
    ...(agent.thinking === undefined ? {} : { thinking: agent.thinking }),
    onSpend: (spend) => {
      stepSpend = spend;
      part.take(spend);
      held.spent.spend = scene.purse.spent();
    },
    signal: held.signal,
    isStillWanted: held.isStillWanted,
    onEvent: session.onEvent,
    ...(isKept ? { keep: toKeep(keeper, step.id) } : {}),
    ...(resume ? { resume: toResumption(resume, known ?? []) } : {}),
    // However it ends: what was heard is told before the result.
  }).finally(() => ear?.settled());
  const phases = session.conclude(turn);
  const transcript = await live.end();
  if (held.signal.aborted) return { kind: 'stopped' };
  const text = redact(turn.text).text;
  const output = await ports.artifacts.putText(repository.key, text);
  const cutShort = toTurnLimit(policy, turn);
  const cause = cutShort ? undefined : toCause(ports, { ...scene, phases }, turn);
  const done = {
    text,
    transcript,
    phases,
    report: report(cause ? 'failed' : 'done', {
      driver,
      model,
      output,
      spend: stepSpend,
      ...toNetworkOf(given, network),
    }),
  };
  if (cause) return { kind: 'failed', cause, ...done };
  return cutShort ? { kind: 'done', cutShort, ...done } : { kind: 'done', ...done };
}

const resumptionStage = { name: 'resumption', text: resumption };

function toKeep(keeper: CheckpointKeeper, step: string): NonNullable<ChainTurn['keep']> {
  return async ({ id, agent, model, heard }, isUndisturbed) => {
    // The agent chooses this name, and it would stand in the record.
    if (redact(id).text !== id) return;
    const session = { step, id, agent, model, heard: [...heard] };
    return isUndisturbed ? keeper.rest(session, isUndisturbed) : keeper.pause(session);
  };
}

function toResumption({ session, onResumed }: ResumedSession, inForce: readonly Instruction[]): ChainTurn['resume'] {
  const { id, agent, model, heard } = session;
  const known = inForce.filter((instruction) => heard.includes(instruction.id));
  return { id, agent, model, prompt: resumption, known, onResumed };
}

/** Nothing where it had no list, and neither it nor its file asked for a host. */
function toNetworkOf({ withheld }: AgentNetwork, network: NetworkReport | undefined): Pick<StepReport, 'network'> {
  if (withheld.length === 0) return network ? { network } : {};
  return { network: { ...(network ?? nothingReached), withheld: [...withheld] } };
}

function toMost({ limits }: Agent): { readonly microUsd?: number } {
  return limits.usd === undefined ? {} : { microUsd: Math.round(limits.usd * 1_000_000) };
}

/** An agent may have fewer turns than the policy gives, and never more. */
function toOwnPolicy(policy: RunPolicy, { limits: { turns } }: Agent): RunPolicy {
  return turns === undefined ? policy : { ...policy, maxTurns: Math.min(turns, policy.maxTurns ?? turns) };
}

function toPart({ run, purse, held }: StepScene, phases: readonly SessionPhase[]) {
  return { run, spend: purse.spent(), limits: held.action.limits, phases };
}

function toCause(
  ports: WorkPorts,
  scene: StepScene & { readonly phases: readonly SessionPhase[] },
  turn: TurnResult,
): Cause | undefined {
  if (turn.kind === 'failed') return toTurnCause(ports, turn, toPart(scene, scene.phases));
  if (turn.kind === 'done') return undefined;
  const said = redact(turn.text).text.slice(-2_000);
  return { kind: 'agent_gave_up', why: `it ended early (${turn.reason}). ${said}`.slice(0, 500) };
}

/** Each once, in the order in which they are named. */
function findSkills({ skills }: Catalog, names: readonly string[]): { rendered: Skill[]; missing: string[] } {
  const unique = [...new Set(names)];
  return {
    rendered: unique.flatMap((name) => skills.get(name) ?? []),
    missing: unique.filter((name) => !skills.has(name)),
  };
}
