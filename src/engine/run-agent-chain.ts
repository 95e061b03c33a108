// A turn by the first coding agent of a chain that is there for it, with the first model that is. The next model, and after the
// last one the next agent, is asked only where that may help: what was asked before was away or broke, and there is time and
// money left. Who was asked for, who worked and why is always told.
import type { ChainUse } from '../core/model/chain-use.ts';
import { addNetwork, type NetworkReport, nothingReached } from '../core/model/network-report.ts';
import { CannotContinue } from './continue-attempt.ts';
import { ExternalError } from './external-error.ts';
import type { AgentDriver, AgentFault, TurnResult } from './port/agent.ts';
import { type AgentTurn, type KeepSession, type Resumption, runAgent, type SessionSoFar } from './run-agent.ts';
import { toOutward } from './to-outward.ts';
import { openRest } from './turn-rest.ts';
import type { WorkPorts } from './work-ports.ts';

/** Names in the order in which they are tried; empty: whatever is usual here. */
export interface AgentChain {
  readonly agents: readonly string[];
  readonly models: readonly string[];
}

/** What is given to each agent of a chain; what a session is kept or gone on with is told which agent and model it is. */
export interface ChainTurn extends Omit<AgentTurn, 'driver' | 'model' | 'models' | 'onNetwork' | 'keep' | 'resume'> {
  readonly keep?: KeepSession<SessionSoFar & Worker>;
  readonly resume?: (Resumption & Worker) | undefined;
}

interface Worker {
  readonly agent: string;
  readonly model: string;
}

export interface ChainReport {
  readonly turn: TurnResult;
  readonly driver: ChainUse;
  readonly model: ChainUse;
  /** Of all that were tried; absent where none might reach a host or asked for one. */
  readonly network?: NetworkReport;
}

const elsewhere: readonly AgentFault[] = ['crash', 'idle', 'provider', 'rate_limit', 'unknown'];
/** What may be the model's fault: an agent that waits for a silent one gives no sign of life either. */
const modelFaults: readonly AgentFault[] = ['idle', 'provider', 'rate_limit'];

export async function runAgentChain(ports: WorkPorts, chain: AgentChain, options: ChainTurn): Promise<ChainReport> {
  const wanted = toWanted(ports, chain);
  const tries = listTries(ports, wanted);
  const rest = openRest(ports.clock, options);
  const failures: Failure[] = [];
  let network: NetworkReport | undefined;
  const { keep, resume } = options;
  for (let current = findFirst(tries, resume); current; ) {
    const { agent, driver, model } = current;
    const { turnMs, budget } = rest.open();
    const end = await runAgent(ports, {
      ...options,
      id: failures.length === 0 ? options.id : `${options.id}-${failures.length + 1}`,
      driver,
      model,
      models: [...new Set(tries.map((each) => each.model))],
      turnMs,
      budget,
      keep: keep && ((session, isUndisturbed) => keep({ ...session, agent, model }, isUndisturbed)),
      // Whoever comes after it is told everything, and finds the workspace as it was left.
      resume: failures.length === 0 ? resume : undefined,
      onSpend: rest.take,
      onNetwork: (report) => {
        network = addNetwork(network ?? nothingReached, report);
      },
    }).then(({ turn }) => turn, toAgentError);
    const next = rest.isEnough() ? findNext(tries, current, end) : undefined;
    if (!next) {
      if (end instanceof ExternalError) throw end;
      const reached = network ? { network } : {};
      return { turn: whenAgain(end, failures), ...toUses(ports, wanted, { current, failures }), ...reached };
    }
    const message = toOutward('message' in end ? end.message : '');
    failures.push({ ...current, message, end });
    const who = next.agent === agent ? 'model' : 'agent';
    const why = `${next.agent === agent ? model : agent}: ${message}`;
    options.onEvent({ kind: 'retry', reason: `the next ${who} of the chain is asked, since ${why}`.slice(0, 300) });
    current = next;
  }
  throw toNobody(ports, wanted);
}

interface Try {
  readonly agent: string;
  readonly driver: AgentDriver;
  readonly model: string;
}

interface Failure extends Try {
  readonly message: string;
  readonly end: TurnResult | ExternalError;
}

function toWanted({ agents, options }: WorkPorts, chain: AgentChain): AgentChain {
  return {
    agents: chain.agents.length > 0 ? [...new Set(chain.agents)] : [...agents.keys()].slice(0, 1),
    models: chain.models.length > 0 ? [...new Set(chain.models)] : options.models.slice(0, 1),
  };
}

/** A session is gone on with by the agent that it is of, with its model where that is still to be had. */
function findFirst(tries: readonly Try[], resume: Worker | undefined): Try | undefined {
  if (!resume) return tries[0];
  const own = tries.filter(({ agent }) => agent === resume.agent);
  const found = own.find(({ model }) => model === resume.model) ?? own[0];
  if (!found) throw new CannotContinue('agent_missing', resume.agent);
  return found;
}

/** Each agent with all models in turn. */
function listTries({ agents, options }: WorkPorts, wanted: AgentChain): readonly Try[] {
  const models = wanted.models.filter((name) => options.models.includes(name));
  return wanted.agents.flatMap((name) => {
    const driver = agents.get(name);
    return driver ? models.map((model) => ({ agent: name, driver, model })) : [];
  });
}

/** An agent that does not come up is a fault that another one may not have; whatever else fails is no matter of the chain. */
function toAgentError(error: unknown): ExternalError {
  if (error instanceof ExternalError && error.system === 'agent') return error;
  throw error;
}

/** Another model where it may have been the model, else another agent; undefined where it would be the same for anybody. */
function findNext(tries: readonly Try[], current: Try, end: TurnResult | ExternalError): Try | undefined {
  const later = tries.slice(tries.indexOf(current) + 1);
  const other = later.find(({ agent }) => agent !== current.agent);
  if (end instanceof ExternalError) return other;
  if (end.kind !== 'failed' || !end.retryable || !elsewhere.includes(end.fault)) return undefined;
  return modelFaults.includes(end.fault) ? later[0] : other;
}

/** Whichever model is there again first can go on; one that named no moment may be there soon. */
function whenAgain(end: TurnResult, failures: readonly Failure[]): TurnResult {
  if (end.kind !== 'failed' || end.retryAt === undefined) return end;
  const { retryAt, ...rest } = end;
  const away = failures.flatMap((one) => ('fault' in one.end && modelFaults.includes(one.end.fault) ? [one.end] : []));
  const moments = away.flatMap((turn) => turn.retryAt ?? []);
  return moments.length < away.length ? rest : { ...rest, retryAt: Math.min(retryAt, ...moments) };
}

/** Of the models only what the agent met that worked in the end: what others met is why it is another one. */
function toUses(
  ports: WorkPorts,
  { agents, models }: AgentChain,
  { current, failures }: { readonly current: Try; readonly failures: readonly Failure[] },
): Omit<ChainReport, 'turn' | 'network'> {
  const ofAgent = (name: string) =>
    failures
      .filter(({ agent }) => agent === name)
      .map(({ model, message }) => `${models.length > 1 ? `${name} with ${model}` : name}: ${message}`);
  const ofModel = (name: string) =>
    failures
      .filter(({ agent, model }) => agent === current.agent && model === name)
      .map(({ message }) => `${name}: ${message}`);
  return {
    driver: toUse(agents, current.agent, (name) => (ports.agents.has(name) ? ofAgent(name) : [unoffered(name)])),
    model: toUse(models, current.model, (name) =>
      ports.options.models.includes(name) ? ofModel(name) : [unoffered(name)],
    ),
  };
}

function toUse(names: readonly string[], used: string, whyNot: (name: string) => readonly string[]): ChainUse {
  const reasons = names.slice(0, names.indexOf(used)).flatMap(whyNot);
  const why = reasons.length === 0 ? {} : { why: reasons.join('; ').slice(0, 500) };
  return { requested: names[0] ?? used, used, ...why };
}

function unoffered(name: string): string {
  return `${name} is not offered by this worker`;
}

function toNobody({ agents: offered }: WorkPorts, { agents, models }: AgentChain): ExternalError {
  const hasAgent = agents.some((name) => offered.has(name));
  const message = (hasAgent ? models : agents).map(unoffered).join('; ').slice(0, 500);
  return new ExternalError({ system: hasAgent ? 'model' : 'agent', message, retry: 'never' });
}
