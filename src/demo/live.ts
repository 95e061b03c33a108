// `--live`: everything in which it differs from the script. The model and the agents are the operator's own, from the same
// variables and with the same mistakes as web and workers read them; the world, the story and the sandboxes stay as they are.
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { nameInstallationPot } from '../core/run/day-money.ts';
import { type Env, EnvironmentMistake, readAgentEnv, readModelEnv, readOwnModelVariables, usualModel } from '../env.ts';
import { startGateway } from '../llm/gateway/start-gateway.ts';
import { createModel } from '../llm/structured-call.ts';
import { openAgents } from '../process/open-agents.ts';
import { MissingPrerequisite, redisPrefix } from '../process/open-foundation.ts';
import { createStore } from '../store/create-store.ts';
import type { OwnModel, Stack } from './stack/start-stack.ts';
import type { World } from './world/seed-world.ts';

export interface Live extends OwnModel {
  /** Who answers, who works and what it may cost, in words. */
  readonly introduction: string;
  readonly budgetUsd: number;
  /** Of asking whether the key is taken. */
  readonly trialMicroUsd: number;
}

/** What the provider says of the key or the model; a sentence for whoever gave them. */
class ModelRefused extends Error {
  override readonly name = 'ModelRefused';
}

/** Whether it is a sentence for whoever started the demo. */
export function isLiveMistake(error: unknown): error is Error {
  return [EnvironmentMistake, MissingPrerequisite, ModelRefused].some((kind) => error instanceof kind);
}

/** Before anything is started: all that can be wrong is a mistake as above. */
export async function prepareLive({ budgetUsd }: { budgetUsd: number }, folder: string): Promise<Live> {
  const variables = readOwnModelVariables();
  const { model, assumed } = readPricedModel();
  const agent = readAgentEnv();
  await openAgents(agent, model.provider);
  const trialMicroUsd = await tryModel(model, join(folder, 'trial'));
  const { input, output } = model.prices[model.name] ?? { input: 0, output: 0 };
  return {
    env: {
      ...assumed,
      ...variables,
      // They begin in another folder than this process.
      ...(agent.profileFolder === undefined ? {} : { GATEPILOT_AGENT_PROFILES: agent.profileFolder }),
      GATEPILOT_DAY_USD_PER_INSTALLATION: String(budgetUsd),
    },
    agentFolder: agent.folder,
    introduction: [
      'This is live: it asks a real model, and costs money.',
      `  provider  ${model.provider} at ${new URL(model.baseUrl).host}, which takes the key`,
      `  model     ${model.name}, at $${input} in and $${output} out for a million tokens`,
      `  agent     ${agent.name}, in the sandbox and without the key`,
      `  limit     ${toDollars(Math.round(budgetUsd * 1e6))} in a day (UTC); --budget <usd> changes it`,
      '',
    ].join('\n'),
    budgetUsd,
    trialMicroUsd,
  };
}

/** `assumed`: variables that the operator did not set. What the usual model costs is as `npm run setup` writes it. */
function readPricedModel(): { readonly model: Env['model']; readonly assumed: Readonly<Record<string, string>> } {
  const model = readModelEnv();
  if (model.prices[model.name]) return { model, assumed: {} };
  if (model.provider === 'anthropic' && model.name === usualModel)
    return {
      model: { ...model, prices: { [usualModel]: { input: 3, output: 15 } } },
      assumed: { MODEL_PRICE_INPUT: '3', MODEL_PRICE_OUTPUT: '15' },
    };
  throw new EnvironmentMistake(
    `MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT are missing: without what ${model.name} costs, in US dollars per million tokens, ` +
      'no limit of money holds.',
  );
}

/** One small question in the way in which planner, pilot and reviewers ask. Any answer will do: it shows that the key is taken. */
async function tryModel(model: Env['model'], folder: string): Promise<number> {
  const { provider, baseUrl, apiKey, name, prices, forwardIdentity } = model;
  const where = `${provider} at ${new URL(baseUrl).host}`;
  let status: number | undefined;
  const upstream = { provider, baseUrl, apiKey };
  const onUsage = (record: { status: number | undefined }) => {
    status = record.status;
  };
  try {
    const gateway = await startGateway({ upstream, folder, onUsage, prices, forwardIdentity });
    try {
      const { usage } = await createModel({ gateway, models: [name] }).decide({
        run: 'demo',
        role: 'trial',
        schema: z.object({ ready: z.boolean() }),
        system: 'Answer with JSON alone.',
        prompt: 'Are you ready?',
        maxOutputTokens: 1000,
        timeoutMs: 30_000,
      });
      return usage.costMicrodollars ?? 0;
    } finally {
      await gateway.stop();
    }
  } catch (error) {
    if (status === 401 || status === 403)
      throw new ModelRefused(
        `${where} refuses the key in MODEL_API_KEY (status ${status}): look whether it is whole and of this provider, or make a new one there.`,
      );
    // Some providers repeat what they were sent.
    const why = (error instanceof Error ? error.message : String(error)).replaceAll(apiKey, '…');
    throw new ModelRefused(
      `${name} of ${where} gave no answer: look at MODEL_NAME, MODEL_PROVIDER and MODEL_BASE_URL. It was: ${why}`,
    );
  }
}

/** What everything has cost since then, whoever asked for it. */
export async function renderSpent(live: Live, { stack, world, since }: { stack: Stack; world: World; since: number }) {
  const redis = new Redis(stack.redis.url);
  try {
    const installation = { host: stack.github.host, installationId: world.installationId };
    const names = [since, Date.now()].map((at) => nameInstallationPot(installation, at));
    const pots = Object.values(await createStore(redis, { prefix: redisPrefix }).readPots([...new Set(names)]));
    const open = pots.reduce((sum, pot) => sum + pot.open, 0);
    const spent = pots.reduce((sum, pot) => sum + pot.committed, live.trialMicroUsd) - open;
    const cut = open === 0 ? '' : `, and at most ${toDollars(open)} more for what was still at work`;
    return `It cost ${toDollars(spent)}${cut}, of a limit of ${toDollars(Math.round(live.budgetUsd * 1e6))}.`;
  } finally {
    redis.disconnect();
  }
}

function toDollars(microUsd: number): string {
  return `$${(microUsd / 1e6).toFixed(microUsd % 10_000 === 0 ? 2 : 4)}`;
}
