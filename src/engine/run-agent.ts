// One turn of an agent in its own sandbox, with its own token at the model gateway. When this returns, every process
// of the sandbox is dead and the token is worthless.
import type { Instruction } from '../core/model/instruction.ts';
import type { NetworkReport } from '../core/model/network-report.ts';
import type { Limits } from '../core/model/run.ts';
import type { Spend } from '../core/model/spend.ts';
import { renderLayerEnvironment } from '../core/setup/detect-setup.ts';
import { blameBudget, blameModel } from './blame-model.ts';
import { CannotContinue } from './continue-attempt.ts';
import { converse, type Hearing } from './converse.ts';
import { ExternalError } from './external-error.ts';
import { openWayOut, type WayOut } from './open-way-out.ts';
import type { AgentDriver, AgentEvent, AgentModel, AgentSession, AgentSpec, TurnResult } from './port/agent.ts';
import type { SandboxModelGrant } from './port/model.ts';
import type { Sandbox, SandboxSpec } from './port/sandbox.ts';
import { toSpend } from './to-spend.ts';
import type { SandboxPlace, WorkPorts } from './work-ports.ts';

export interface AgentTurn {
  readonly id: string;
  /** The coding agent that does it. */
  readonly driver: AgentDriver;
  /** The model that it works with, and all that its token lets it ask. */
  readonly model: string;
  readonly models: readonly string[];
  readonly workspace: string;
  /** Whether the agent may change what is in it; it may when this is absent. */
  readonly access?: 'read-only' | 'read-write';
  readonly thinking?: AgentModel['thinking'];
  readonly prompt: string;
  /** How it hears what people say to it; absent where nobody does. */
  readonly hearing?: Hearing | undefined;
  readonly caller: { readonly run: string; readonly role: string; readonly attempt: string };
  readonly turnMs: number;
  readonly idleMs: number;
  readonly turns: AgentSpec['turns'];
  readonly place: SandboxPlace;
  /** Hosts that it may reach besides its model. */
  readonly network: readonly string[];
  /** What the action may spend, as it was reserved for it. */
  readonly budget: Limits | undefined;
  /** Told once, also when the turn fails. */
  readonly onSpend: (spend: Spend) => void;
  /** Told once where it may reach any host or asked for one, also when the turn fails. */
  readonly onNetwork: (report: NetworkReport) => void;
  readonly signal: AbortSignal;
  /** Whether a stop has come by now that no heartbeat has told of yet. */
  readonly isStillWanted: () => Promise<boolean>;
  readonly onEvent: (event: AgentEvent) => void;
  /** Offered each time when its session could be gone on with by somebody else; absent where it is not kept. */
  readonly keep?: KeepSession<SessionSoFar> | undefined;
  /** The session that it goes on with, instead of being given the prompt. */
  readonly resume?: Resumption | undefined;
}

/** Without `isUndisturbed` it does nothing before this resolves. */
export type KeepSession<Session> = (session: Session, isUndisturbed?: () => boolean) => Promise<void>;

/** The agent's own name for its session, and which instructions it knows. */
export interface SessionSoFar {
  readonly id: string;
  readonly heard: readonly string[];
}

export interface Resumption {
  readonly id: string;
  /** What it is told to go on with. */
  readonly prompt: string;
  /** Instructions that it remembers. */
  readonly known: readonly Instruction[];
  /** Called when the agent has its session again, before it is asked for anything. */
  readonly onResumed: () => Promise<void>;
}

export interface AgentReport {
  readonly turn: TurnResult;
  readonly spend: Spend;
}

/** Inside: in the git folder, so that it is no part of any result. Checkpoints take it along. */
const keptHome = '/workspace/.git/agent-home';
/** Where the gateway answers inside of the sandbox. */
const gatewayPort = 4000;

export async function runAgent(ports: WorkPorts, options: AgentTurn): Promise<AgentReport> {
  const { attemptTokens } = ports.options;
  const { tokens = attemptTokens, microUsd } = options.budget ?? {};
  const limits = {
    tokens: Math.min(tokens, attemptTokens),
    requests: 500,
    models: options.models,
    ...(microUsd === undefined ? {} : { microUsd }),
  };
  const grant = await ports.gateway.grant({ ...options.caller, limits });
  let way: WayOut | undefined;
  try {
    if (!(await options.isStillWanted())) return { turn: cancelled, spend: toSpend(await grant.revoke()) };
    way = await openWayOut(ports, options.place, options.network);
    const { layer } = options.place;
    const sandbox = await ports.sandboxes.create({
      id: options.id,
      workspace: { path: options.workspace, access: options.access ?? 'read-write' },
      readOnly: options.driver.mounts,
      env: {
        ...(layer ? renderLayerEnvironment(layer.parts) : {}),
        ...options.driver.env,
        ...way.env,
      },
      dependencies: layer && { path: layer.folder, access: 'read-only' },
      network: toNetwork(grant, way),
      provider: options.place.provider,
      limits: { ...options.place.limits, wallMs: options.turnMs + 60_000 },
    });
    const told = await runTurn(ports, sandbox, { ...options, token: grant.token });
    const spend = toSpend(await grant.revoke());
    return { turn: blameBudget(blameModel(told, grant.trouble()), spend, limits), spend };
  } finally {
    options.onSpend(toSpend(await grant.revoke()));
    const report = await way?.close();
    if (report) tell(options, report);
  }
}

/** Of an agent that has no list and asked for nothing there is nothing to tell. */
function tell({ network, onNetwork }: AgentTurn, report: NetworkReport): void {
  if (network.length > 0 || report.denied.length > 0 || report.otherDenied > 0) onNetwork(report);
}

function toNetwork({ socket }: SandboxModelGrant, { proxy }: WayOut): SandboxSpec['network'] {
  const gateway = { socket, port: gatewayPort };
  return proxy ? { mode: 'allowlist', gateway, proxy } : { mode: 'gateway', ...gateway };
}

async function runTurn(
  ports: WorkPorts,
  sandbox: Sandbox,
  options: AgentTurn & { token: string },
): Promise<TurnResult> {
  const kill = () => void sandbox.kill();
  options.signal.addEventListener('abort', kill, { once: true });
  try {
    if (options.signal.aborted) return cancelled;
    const { resume, keep } = options;
    const told = new Set<string>();
    let session: AgentSession | undefined;
    const onRest = (isUndisturbed: () => boolean) => {
      if (keep && session) void keep({ id: session.id, heard: [...told] }, isUndisturbed);
    };
    session = await start(ports, sandbox, options, onRest);
    const { id, capabilities } = session;
    if (options.turns && !capabilities.steer) options.onEvent(notCounted);
    try {
      if (options.signal.aborted) return cancelled;
      if (resume && !session.resumed) throw new CannotContinue('session_gone', `session ${resume.id}`);
      await resume?.onResumed();
      const hearing = options.hearing && resume ? { ...options.hearing, known: resume.known } : options.hearing;
      return await converse(session, ports.clock, {
        ...options,
        prompt: resume?.prompt ?? options.prompt,
        hearing,
        told,
        onPause: async () => {
          if (capabilities.resume) await keep?.({ id, heard: [...told] });
        },
      });
    } finally {
      await session.close();
    }
  } finally {
    options.signal.removeEventListener('abort', kill);
    await sandbox.dispose();
  }
}

/** An agent that does not come up with its session may well come up without. */
async function start(
  ports: WorkPorts,
  sandbox: Sandbox,
  options: AgentTurn & { token: string },
  onRest: AgentSpec['onRest'],
): Promise<AgentSession> {
  const { resume, keep, turns } = options;
  try {
    return await options.driver.start({
      spawn: (argv, spawnOptions) => sandbox.spawn(argv, spawnOptions),
      model: {
        baseUrl: `http://127.0.0.1:${sandbox.gatewayPort ?? gatewayPort}`,
        token: options.token,
        name: options.model,
        provider: ports.gateway.provider,
        ...(options.thinking === undefined ? {} : { thinking: options.thinking }),
      },
      access: options.access ?? 'read-write',
      idleMs: options.idleMs,
      turnMs: options.turnMs,
      ...(keep || resume ? { home: keptHome } : {}),
      ...(keep && onRest ? { onRest } : {}),
      ...(resume ? { resume: resume.id } : {}),
      ...(turns ? { turns } : {}),
    });
  } catch (error) {
    if (!resume || options.signal.aborted || !(error instanceof ExternalError) || error.system !== 'agent') throw error;
    throw new CannotContinue('session_gone', error.message);
  }
}

/** A limit that nobody watches is said, and the time limit is what ends the agent. */
const notCounted: AgentEvent = {
  kind: 'phase',
  phase: 'turns_not_counted',
  detail: 'this agent cannot be told anything while it works; agents.timeout_minutes ends it',
};

const cancelled: TurnResult = { kind: 'stopped_early', reason: 'cancelled', text: '' };
