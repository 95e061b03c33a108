// Everything around an agent: the scripted model, the gateway before it, and a place to work in.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from '../../src/demo/model/scenario.ts';
import { type ScriptedModel, startScriptedModel } from '../../src/demo/model/start-scripted-model.ts';
import type { AgentDriver, AgentEvent, AgentSession, AgentSpec, TurnResult } from '../../src/engine/port/agent.ts';
import type { ModelLimits, ModelProvider, SandboxModelGrant } from '../../src/engine/port/model.ts';
import { startGateway } from '../../src/llm/gateway/start-gateway.ts';
import { createLocalProcesses, type LocalProcesses } from './local-process.ts';
import { startRelay } from './relay.ts';

export interface StageOptions {
  readonly attempts: readonly (readonly Step[])[];
  readonly provider?: ModelProvider;
  readonly limits?: ModelLimits;
  /** Where agents find the workspace, when it is not where this host has it. */
  readonly workspaceInside?: string;
}

export interface Stage {
  readonly folder: string;
  readonly workspace: string;
  readonly home: string;
  readonly model: ScriptedModel;
  /** The provider's key, which must not be found anywhere near an agent. */
  readonly apiKey: string;
  readonly grant: SandboxModelGrant;
  readonly provider: ModelProvider;
  /** Starts the driver as plain processes of this host. */
  startLocally(
    driver: AgentDriver,
    spec?: Partial<AgentSpec>,
  ): Promise<{ session: AgentSession; processes: LocalProcesses }>;
  stop(): Promise<void>;
}

export async function setStage(options: StageOptions): Promise<Stage> {
  const { attempts, provider = 'anthropic', limits = { tokens: 10_000_000, requests: 200 } } = options;
  const folder = await mkdtemp(join(tmpdir(), 'stage-'));
  const [workspace, home] = [join(folder, 'work'), join(folder, 'home')];
  const inside = options.workspaceInside ?? workspace;
  await Promise.all([mkdir(workspace), mkdir(home)]);
  const apiKey = `sk-real-${randomBytes(16).toString('hex')}`;
  const model = await startScriptedModel({ apiKey, scenario: { coder: [{ attempts }] }, workspace: inside });
  const gateway = await startGateway({
    upstream: { baseUrl: model.url, apiKey, provider },
    folder: join(folder, 'gw'),
    forwardIdentity: true,
    onUsage: () => {},
  });
  const grant = await gateway.grant({ run: 'run-1', role: 'coder', attempt: 'a1', limits });
  const relay = await startRelay(grant.socket);
  const started: LocalProcesses[] = [];
  return {
    folder,
    workspace,
    home,
    model,
    apiKey,
    grant,
    provider,
    async startLocally(driver, spec = {}) {
      const processes = createLocalProcesses(driver, { home, workspace });
      started.push(processes);
      const session = await driver.start({
        spawn: processes.spawn,
        model: { baseUrl: relay.url, token: grant.token, name: 'gemini-scripted', provider },
        idleMs: 20_000,
        turnMs: 25_000,
        ...spec,
      });
      return { session, processes };
    },
    async stop() {
      await Promise.all(started.map((processes) => processes.killAll()));
      relay.stop();
      await gateway.stop();
      await model.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One turn with everything that was shown during it. */
export async function play(
  session: AgentSession,
  prompt: string,
): Promise<{ result: TurnResult; events: AgentEvent[] }> {
  const events: AgentEvent[] = [];
  const result = await session.prompt(prompt, (event) => events.push(event));
  return { result, events };
}
