// The environment, parsed once. The only reader of process.env; everybody else gets values.
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { findNearestName } from './core/command/nearest-name.ts';
import type { NetworkPermit } from './core/network/network-permit.ts';
import { isLoopbackProxied, readGitWayOut, readProxies } from './process/way-out.ts';

const wholeNumber = ({ least, most }: { least: number; most: number }) => {
  const mistake = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, mistake)
    .transform(Number)
    .refine((value) => value >= least && value <= most, mistake);
};
const dollars = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be an amount of US dollars per million tokens, such as 3 or 0.25')
  .transform(Number);

const modelsMistake =
  'must be names of models with commas between, each once and with both of its prices or none, such as claude-haiku-4-5=1/5';
/** Names of models have slashes and colons, so the prices stand behind a sign that they do not have. */
const modelOffer = /^([^\s,=]{1,100})(?:=(\d{1,9}(?:\.\d{1,9})?)\/(\d{1,9}(?:\.\d{1,9})?))?$/;
const modelOffers = z.string().transform((text, { addIssue }) => {
  const offers = new Map<string, ModelPrice | undefined>();
  for (const part of text.split(',')) {
    const [, name, input, output] = modelOffer.exec(part.trim()) ?? [];
    if (name === undefined || offers.has(name)) {
      addIssue(modelsMistake);
      return z.NEVER;
    }
    offers.set(name, input && output ? { input: Number(input), output: Number(output) } : undefined);
  }
  return offers;
});

const programMistake = 'must be a JSON list of a program and its arguments, such as ["node", "/opt/agent/main.mjs"]';
const programWords = z.string().transform((text, { addIssue }) => {
  try {
    const words = z.array(z.string()).min(1).safeParse(JSON.parse(text));
    if (words.success && words.data[0] !== '') return words.data;
  } catch {
    // Said below, as for every other mistake in it.
  }
  addIssue(programMistake);
  return z.NEVER;
});

const hostsMistake = 'must be names of hosts with commas between, such as registry.npmjs.org,*.example.com';
const hostName = /^(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*$/i;
/** Each with `*.` before it where every host below it is meant. */
const hosts = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .refine((names) => names.every((name) => hostName.test(name)), hostsMistake);

const sandboxNames = ['bubblewrap', 'oci', 'gvisor'] as const;
type SandboxName = (typeof sandboxNames)[number];
const sandboxMistake =
  'must be names of sandboxes with commas between, each once and the usual one first: bubblewrap, oci or gvisor (there is no driver of a microvm yet)';
const imageName = /^[\w./:@-]+$/;

const images = z.string().transform((text, { addIssue }): string[] => {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => imageName.test(name)) && new Set(names).size === names.length) return names;
  addIssue('must be names of images on this host with commas between, each once');
  return z.NEVER;
});

const sandboxes = z.string().transform((text, { addIssue }): SandboxName[] => {
  const words = text.split(',').map((name) => name.trim());
  const names = words.flatMap((word) => sandboxNames.find((name) => name === word) ?? []);
  if (names.length === words.length && new Set(names).size === names.length) return names;
  addIssue(sandboxMistake);
  return z.NEVER;
});

/** What the programs of container engines read to find their daemon and their images. */
const engineVariables = [
  'HOME',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'CONTAINERS_CONF',
  'CONTAINERS_STORAGE_CONF',
];

/** What Node.js itself reads to reach a model through a proxy, and to trust it. */
const nodeWayOut = ['NODE_USE_ENV_PROXY', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA'];

const secretMistake = 'must be the webhook secret of your GitHub App, at least 16 characters long';
const appIdMistake = 'must be the number of your GitHub App';

const ModelEnvironment = z.object({
  MODEL_PROVIDER: z
    .enum(['anthropic', 'openai', 'google', 'compatible'], 'must be anthropic, openai, google or compatible')
    .default('anthropic'),
  MODEL_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
    .optional(),
  MODEL_API_KEY: z.string('must be the key of your model provider'),
  MODEL_NAME: z.string().optional(),
  MODEL_NAMES: modelOffers.optional(),
  MODEL_PRICE_INPUT: dollars.optional(),
  MODEL_PRICE_OUTPUT: dollars.optional(),
  MODEL_FORWARD_IDENTITY: z.enum(['true', 'false'], 'must be true or false').default('false'),
});
type ModelVariables = z.infer<typeof ModelEnvironment>;

const AgentEnvironment = z.object({
  GATEPILOT_DATA: z.string().default('.cache/gatepilot'),
  GATEPILOT_AGENT: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be the name of a coding agent, such as pi or claude')
    .default('pi'),
  GATEPILOT_AGENTS: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}(\s*,\s*[a-z][a-z0-9-]{0,31})*$/, 'must be names of coding agents with commas between')
    .optional(),
  GATEPILOT_AGENT_PROFILES: z.string().min(1).optional(),
  GATEPILOT_AGENT_COMMAND: programWords.optional(),
  GATEPILOT_AGENT_FOLDER: z.string().regex(/^\//, 'must be the absolute path of a folder').optional(),
});
type AgentVariables = z.infer<typeof AgentEnvironment>;

/** A message never repeats what stands in a variable: it may be a secret in the wrong place. */
const Environment = z.object({
  APP_ID: z
    .string(appIdMistake)
    .regex(/^[1-9]\d{0,14}$/, appIdMistake)
    .transform(Number),
  PRIVATE_KEY: z.string().optional(),
  PRIVATE_KEY_PATH: z.string().optional(),
  WEBHOOK_SECRET: z.string(secretMistake).min(16, secretMistake),
  GHE_HOST: z
    .string()
    .regex(/^[\w.-]+(:\d{1,5})?$/, 'must be a host name, without "https://" and without a path')
    // It is part of every subject's identity, and names of hosts are the same in every case.
    .toLowerCase()
    .optional()
    .transform((host) => (host === 'github.com' ? undefined : host)),
  GHE_PROTOCOL: z.enum(['https', 'http'], 'must be https or http').default('https'),
  HOST: z.string().default('0.0.0.0'),
  PORT: wholeNumber({ least: 0, most: 65_535 }).default(3000),
  ADMIN_PORT: z
    .union([z.literal('off'), wholeNumber({ least: 0, most: 65_535 })], 'must be a port from 0 to 65535, or off')
    .default(3001),
  REDIS_URL: z
    .string()
    .regex(/^(rediss?:\/\/|\/)/, 'must begin with redis:// or rediss://, or be the path of a socket')
    .optional(),
  ...AgentEnvironment.shape,
  GATEPILOT_RESOURCES: z.string().min(1).optional(),
  GATEPILOT_SLOTS: wholeNumber({ least: 1, most: 1000 }).default(4),
  GATEPILOT_SLOTS_PER_REPOSITORY: wholeNumber({ least: 1, most: 1000 }).optional(),
  GATEPILOT_SLOTS_PER_INSTALLATION: wholeNumber({ least: 1, most: 1000 }).optional(),
  GATEPILOT_RUNS_PER_REPOSITORY: wholeNumber({ least: 1, most: 100_000 }).optional(),
  GATEPILOT_RUNS_PER_INSTALLATION: wholeNumber({ least: 1, most: 100_000 }).optional(),
  GATEPILOT_DAY_USD_PER_INSTALLATION: z.coerce
    .number('must be an amount in US dollars')
    .min(0.01, 'must be at least 0.01')
    .max(1_000_000, 'must be at most 1000000')
    .optional(),
  GATEPILOT_WRITES_PER_MINUTE: wholeNumber({ least: 10, most: 100_000 }).default(40),
  GATEPILOT_DELIVERY_SWEEP_SECONDS: wholeNumber({ least: 1, most: 3600 }).default(300),
  GATEPILOT_SCHEDULE_SWEEP_SECONDS: wholeNumber({ least: 1, most: 3600 }).default(60),
  GATEPILOT_SANDBOXES: sandboxes.default(['bubblewrap']),
  GATEPILOT_OCI_ENGINE: z.enum(['podman', 'docker'], 'must be podman or docker').default('podman'),
  GATEPILOT_OCI_IMAGE: z.string().regex(imageName, 'must be the name of an image on this host').optional(),
  GATEPILOT_OCI_IMAGES: images.default([]),
  GATEPILOT_CHECKPOINT_SECONDS: wholeNumber({ least: 0, most: 86_400 }).default(60),
  GATEPILOT_ALLOW_NO_SANDBOX: z.enum(['true', 'false'], 'must be true or false').default('false'),
  GATEPILOT_HOOKS: z.string().regex(/^\//, 'must be the absolute path of a folder').optional(),
  GATEPILOT_LAYERS_MB: wholeNumber({ least: 100, most: 10_000_000 }).default(20_000),
  GATEPILOT_NETWORK: z
    .union([z.literal('*').transform((every) => [every]), hosts], `${hostsMistake}, or * for every host`)
    .default([]),
  GATEPILOT_NETWORK_DENY: hosts.default([]),
  GATEPILOT_PROPOSE_SETTINGS: z.enum(['true', 'false'], 'must be true or false').default('true'),
  ...ModelEnvironment.shape,
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
    .default('info'),
});

type Variables = z.infer<typeof Environment>;

export interface Env {
  readonly app: { readonly id: number; readonly privateKey: string; readonly webhookSecret: string };
  /** Identity of the GitHub host in every subject id; with a port when it has one. */
  readonly host: string;
  readonly apiUrl: string;
  readonly gitRoot: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Port of the operator's API on loopback; undefined when it is off. */
  readonly adminPort: number | undefined;
  readonly redisUrl: string | undefined;
  readonly dataFolder: string;
  /** Coding agents: the usual one, those that may be named besides, where they are installed, and profiles of more. */
  readonly agent: {
    readonly name: string;
    readonly others: readonly string[];
    readonly folder: string;
    readonly profileFolder: string | undefined;
    /** What is started for the name "command"; the folder is seen inside, read-only, as /opt/agent. */
    readonly command: { readonly argv: readonly string[]; readonly folder: string | undefined } | undefined;
  };
  /** The operator's agents, workflows and skills. */
  readonly resourceFolder: string | undefined;
  readonly slots: number;
  /** Over all processes; undefined where only the slots of the processes limit. */
  readonly slotLimits: { readonly perRepository: number | undefined; readonly perInstallation: number | undefined };
  /** Whole runs at work at a time, and what those of an installation may cost in a day; undefined where nothing limits them. */
  readonly runLimits: {
    readonly perRepository: number | undefined;
    readonly perInstallation: number | undefined;
    readonly dayMicroUsd: number | undefined;
  };
  /** Content writes that one installation may make, over all processes; the hour allows six and a quarter times that. */
  readonly writesPerMinute: number;
  readonly deliverySweepMs: number;
  /** How often it is looked whether a schedule is due. */
  readonly scheduleSweepMs: number;
  /** Sandboxes that are offered, the usual one first. */
  readonly sandboxes: readonly SandboxName[];
  readonly oci: {
    readonly engine: 'podman' | 'docker';
    readonly image: string | undefined;
    /** Each a sandbox of its own, for repositories that name it. */
    readonly images: readonly string[];
    /** How the engine's program finds its daemon and its images. */
    readonly environment: Readonly<Record<string, string>>;
  };
  /** After how much work an attempt is kept, so that another worker can go on with it; undefined: never. */
  readonly checkpointMs: number | undefined;
  /** Repositories may ask for no sandbox at all. */
  readonly allowsNoSandbox: boolean;
  /** Programs of the operator that are asked before something happens. */
  readonly hookFolder: string | undefined;
  /** Of dependencies that are kept on this machine. */
  readonly layerBytes: number;
  /** Hosts that repositories may let agents reach. */
  readonly network: NetworkPermit;
  /** Repositories that have no settings are offered some, once each. */
  readonly proposesSettings: boolean;
  readonly model: {
    readonly provider: 'anthropic' | 'openai' | 'google' | 'compatible';
    readonly baseUrl: string;
    readonly apiKey: string;
    /** The usual one, and those that may be named besides. */
    readonly name: string;
    readonly others: readonly string[];
    /** By name, where it is known. */
    readonly prices: Readonly<Record<string, ModelPrice>>;
    readonly forwardIdentity: boolean;
  };
  readonly logLevel: string;
  /** How git on the host reaches GitHub: proxies, and whom it trusts. */
  readonly gitWayOut: Readonly<Record<string, string>>;
  /** What child programs may need to find things: search path and proxies, nothing of ours. */
  readonly surroundings: Readonly<Record<string, string | undefined>>;
}

/** US dollars per million tokens. */
interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

const providerUrls = {
  anthropic: 'https://api.anthropic.com',
  openai: 'https://api.openai.com',
  google: 'https://generativelanguage.googleapis.com',
} as const;

/** Of anthropic alone. */
export const usualModel = 'claude-sonnet-4-5';

export class EnvironmentMistake extends Error {
  override readonly name = 'EnvironmentMistake';
}

/** Reads .env of the current folder where a variable is not set, then parses. Throws EnvironmentMistake, in words. */
export function readEnv(): Env {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return parseEnv(process.env);
}

/** As `readEnv` does, for what needs a part of it without being the App. */
function readVariables(): Record<string, string> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return refuseUnknown(withoutEmpty(process.env));
}

/** The model alone. */
export function readModelEnv(): Env['model'] {
  const parsed = ModelEnvironment.safeParse(readVariables());
  if (!parsed.success) throw new EnvironmentMistake(renderIssues(parsed.error));
  return toModel(parsed.data);
}

/** Where agents are. */
export function readAgentEnv(): Env['agent'] {
  const parsed = AgentEnvironment.safeParse(readVariables());
  if (!parsed.success) throw new EnvironmentMistake(renderIssues(parsed.error));
  return toAgent(parsed.data);
}

/** All about models and agents as it stands there, for web and workers that the demo starts, and how they get out. */
export function readOwnModelVariables(): Record<string, string> {
  const variables = readVariables();
  refuseProxiedLoopback(variables);
  const { GATEPILOT_DATA: _, ...shape } = { ...ModelEnvironment.shape, ...AgentEnvironment.shape };
  return Object.fromEntries(
    [...Object.keys(shape), ...nodeWayOut].flatMap((name) => {
      const value = variables[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The operator's agents, workflows and skills. */
export function readResourceFolder(): Env['resourceFolder'] {
  const { GATEPILOT_RESOURCES: folder } = readVariables();
  return folder === undefined ? undefined : resolve(folder);
}

/** Names of the models that may be asked, the usual one first, for what lists them without asking any. */
export function readOfferedModels(): readonly string[] {
  const parsed = ModelEnvironment.omit({ MODEL_API_KEY: true }).safeParse(readVariables());
  if (!parsed.success) throw new EnvironmentMistake(renderIssues(parsed.error));
  return [toModelName(parsed.data), ...toOtherModels(parsed.data)];
}

/** What npm needs to find itself and its registry, as the operator has set it up; nothing of ours. */
export function readNpmEnv(): Record<string, string | undefined> {
  const isOfNpm = (name: string) =>
    /^(PATH|HOME|(https?|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|npm_config_.*)$/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isOfNpm(name)));
}

export function readSurroundings(): Env['surroundings'] {
  const { PATH, APT_CONFIG } = process.env;
  return { PATH, ...readProxies(process.env), APT_CONFIG };
}

export function parseEnv(variables: Readonly<Record<string, string | undefined>>): Env {
  const parsed = Environment.safeParse(refuseUnknown(withoutEmpty(variables)));
  if (!parsed.success) {
    throw new EnvironmentMistake(`${renderIssues(parsed.error)} "npm run setup" writes it for you.`);
  }
  const env = parsed.data;
  refuseProxiedLoopback(variables);
  // github.com is never asked without encryption, whatever the protocol of an Enterprise server would be.
  const root = env.GHE_HOST === undefined ? 'https://github.com' : `${env.GHE_PROTOCOL}://${env.GHE_HOST}`;
  return {
    app: { id: env.APP_ID, privateKey: readPrivateKey(env), webhookSecret: env.WEBHOOK_SECRET },
    host: env.GHE_HOST ?? 'github.com',
    apiUrl: env.GHE_HOST === undefined ? 'https://api.github.com' : `${root}/api/v3`,
    gitRoot: root,
    listen: { host: env.HOST, port: env.PORT },
    adminPort: env.ADMIN_PORT === 'off' ? undefined : env.ADMIN_PORT,
    redisUrl: env.REDIS_URL,
    dataFolder: resolve(env.GATEPILOT_DATA),
    agent: toAgent(env),
    resourceFolder: env.GATEPILOT_RESOURCES === undefined ? undefined : resolve(env.GATEPILOT_RESOURCES),
    slots: env.GATEPILOT_SLOTS,
    slotLimits: {
      perRepository: env.GATEPILOT_SLOTS_PER_REPOSITORY,
      perInstallation: env.GATEPILOT_SLOTS_PER_INSTALLATION,
    },
    runLimits: {
      perRepository: env.GATEPILOT_RUNS_PER_REPOSITORY,
      perInstallation: env.GATEPILOT_RUNS_PER_INSTALLATION,
      dayMicroUsd: toDayLimit(env),
    },
    writesPerMinute: env.GATEPILOT_WRITES_PER_MINUTE,
    deliverySweepMs: env.GATEPILOT_DELIVERY_SWEEP_SECONDS * 1000,
    scheduleSweepMs: env.GATEPILOT_SCHEDULE_SWEEP_SECONDS * 1000,
    sandboxes: env.GATEPILOT_SANDBOXES,
    oci: {
      engine: env.GATEPILOT_OCI_ENGINE,
      image: env.GATEPILOT_OCI_IMAGE,
      images: env.GATEPILOT_OCI_IMAGES,
      environment: readEngineVariables(variables),
    },
    checkpointMs: env.GATEPILOT_CHECKPOINT_SECONDS === 0 ? undefined : env.GATEPILOT_CHECKPOINT_SECONDS * 1000,
    allowsNoSandbox: env.GATEPILOT_ALLOW_NO_SANDBOX === 'true',
    hookFolder: env.GATEPILOT_HOOKS,
    layerBytes: env.GATEPILOT_LAYERS_MB * 1024 * 1024,
    network: { allow: env.GATEPILOT_NETWORK, deny: env.GATEPILOT_NETWORK_DENY },
    proposesSettings: env.GATEPILOT_PROPOSE_SETTINGS === 'true',
    model: toModel(env),
    logLevel: env.LOG_LEVEL,
    gitWayOut: readGitWayOut(variables),
    surroundings: readSurroundings(),
  };
}

function refuseProxiedLoopback(variables: Readonly<Record<string, string | undefined>>): void {
  if (isLoopbackProxied(variables))
    throw new EnvironmentMistake(
      'NO_PROXY must name 127.0.0.1, where NODE_USE_ENV_PROXY and HTTP_PROXY are set: the model gateway listens there.',
    );
}

function readEngineVariables(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    engineVariables.flatMap((name) => {
      const value = variables[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function renderIssues({ issues }: z.ZodError): string {
  const lines = issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  return `The environment is not complete: ${lines.join('; ')}.`;
}

function toAgent(env: AgentVariables): Env['agent'] {
  return {
    name: env.GATEPILOT_AGENT,
    others: toOthers(env),
    folder: resolve(env.GATEPILOT_DATA, 'agents'),
    profileFolder: env.GATEPILOT_AGENT_PROFILES === undefined ? undefined : resolve(env.GATEPILOT_AGENT_PROFILES),
    command: toAgentCommand(env),
  };
}

function toOthers({ GATEPILOT_AGENTS: names }: AgentVariables): readonly string[] {
  return names?.split(/\s*,\s*/) ?? [];
}

function toAgentCommand(env: AgentVariables): Env['agent']['command'] {
  const { GATEPILOT_AGENT: name, GATEPILOT_AGENT_COMMAND: argv, GATEPILOT_AGENT_FOLDER: folder } = env;
  const isMeant = [name, ...toOthers(env)].includes('command');
  if (isMeant && !argv)
    throw new EnvironmentMistake(
      'GATEPILOT_AGENT_COMMAND is missing: GATEPILOT_AGENT or GATEPILOT_AGENTS names command.',
    );
  if (!isMeant && (argv !== undefined || folder !== undefined))
    throw new EnvironmentMistake(
      'GATEPILOT_AGENT must be command, or GATEPILOT_AGENTS name it, where GATEPILOT_AGENT_COMMAND or GATEPILOT_AGENT_FOLDER is set.',
    );
  return argv && { argv, folder };
}

function toModel(env: ModelVariables): Env['model'] {
  return {
    provider: env.MODEL_PROVIDER,
    baseUrl: toModelUrl(env),
    apiKey: env.MODEL_API_KEY,
    name: toModelName(env),
    others: toOtherModels(env),
    prices: toPrices(env),
    forwardIdentity: env.MODEL_FORWARD_IDENTITY === 'true',
  };
}

/** One that nothing is counted against would be taken for one that holds. */
function toDayLimit(env: Variables): number | undefined {
  const usd = env.GATEPILOT_DAY_USD_PER_INSTALLATION;
  if (usd === undefined) return undefined;
  if (Object.keys(toPrices(env)).length > 0) return Math.round(usd * 1e6);
  throw new EnvironmentMistake(
    'MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT are missing: GATEPILOT_DAY_USD_PER_INSTALLATION limits nothing while nobody knows what models cost.',
  );
}

/** Of these every one is ours, so that one with a typing error is not taken for one that is set. */
const ownName = /^(?:GATEPILOT|MODEL)_/;

function refuseUnknown(variables: Record<string, string>): Record<string, string> {
  const known = Object.keys(Environment.shape).filter((name) => ownName.test(name));
  const unknown = Object.keys(variables).filter((name) => ownName.test(name) && !known.includes(name));
  if (unknown.length === 0) return variables;
  const told = unknown.map((name) => {
    const nearest = findNearestName(name, known);
    return nearest === undefined ? name : `${name} (did you mean ${nearest}?)`;
  });
  throw new EnvironmentMistake(`No such variable is known: ${told.join(', ')}. docs/operating.md lists them all.`);
}

/** An empty line in an environment file means "not set". */
function withoutEmpty(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}

function toModelUrl(env: ModelVariables): string {
  if (env.MODEL_BASE_URL !== undefined) return env.MODEL_BASE_URL;
  if (env.MODEL_PROVIDER !== 'compatible') return providerUrls[env.MODEL_PROVIDER];
  throw new EnvironmentMistake(
    'MODEL_BASE_URL is missing: a compatible endpoint has no address that could be guessed.',
  );
}

type OfferedModels = Pick<ModelVariables, 'MODEL_PROVIDER' | 'MODEL_NAME' | 'MODEL_NAMES'>;

/** The name of another provider's model would only be refused by the first request. */
function toModelName({ MODEL_PROVIDER: provider, MODEL_NAME: name }: OfferedModels): string {
  if (name !== undefined) return name;
  if (provider === 'anthropic') return usualModel;
  throw new EnvironmentMistake(`MODEL_NAME is missing: MODEL_PROVIDER ${provider} has no usual model.`);
}

/** The usual one may be among them, with a price of its own. */
function toOtherModels(env: OfferedModels): readonly string[] {
  const usual = toModelName(env);
  return [...(env.MODEL_NAMES?.keys() ?? [])].filter((name) => name !== usual);
}

/** A model without a price of its own costs what models cost here; one that costs nobody knows what would hide what others cost. */
function toPrices(env: ModelVariables): Env['model']['prices'] {
  const usual = toPrice(env);
  const names = [toModelName(env), ...toOtherModels(env)];
  const prices = names.flatMap((name) => {
    const price = env.MODEL_NAMES?.get(name) ?? usual;
    return price ? [[name, price] as const] : [];
  });
  if (prices.length > 0 && prices.length < names.length)
    throw new EnvironmentMistake(
      'MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT are missing: MODEL_NAMES says what some of the models cost, and not what all do.',
    );
  return Object.fromEntries(prices);
}

/** Half a price would count half of what is spent, and a budget would hold for nothing. */
function toPrice(env: ModelVariables): ModelPrice | undefined {
  const { MODEL_PRICE_INPUT: input, MODEL_PRICE_OUTPUT: output } = env;
  if (input === undefined && output === undefined) return undefined;
  if (input === undefined) throw new EnvironmentMistake('MODEL_PRICE_INPUT is missing: MODEL_PRICE_OUTPUT is set.');
  if (output === undefined) throw new EnvironmentMistake('MODEL_PRICE_OUTPUT is missing: MODEL_PRICE_INPUT is set.');
  return { input, output };
}

/** The key as PEM, as PEM with written-out line ends, as base64, or as a path to one of these. */
function readPrivateKey(env: Variables): string {
  const name = env.PRIVATE_KEY === undefined ? 'PRIVATE_KEY_PATH' : 'PRIVATE_KEY';
  const text = env.PRIVATE_KEY ?? readKeyFile(env.PRIVATE_KEY_PATH);
  const pem = text.includes('-----BEGIN') ? text.replaceAll('\\n', '\n') : Buffer.from(text, 'base64').toString('utf8');
  if (!isPrivateKey(pem))
    throw new EnvironmentMistake(`${name} must be the private key of your GitHub App, as PEM or as base64 of it.`);
  return pem;
}

function readKeyFile(path: string | undefined): string {
  if (path === undefined)
    throw new EnvironmentMistake('PRIVATE_KEY or PRIVATE_KEY_PATH is missing: "npm run setup" writes it for you.');
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new EnvironmentMistake('PRIVATE_KEY_PATH must be the path of a file that can be read.');
  }
}

/** Said here and not by the first request to GitHub. */
function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
