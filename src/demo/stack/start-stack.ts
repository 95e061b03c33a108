// Everything that a whole run needs, on one machine: a local GitHub, a scripted model behind a real provider protocol (or
// the operator's own model), Redis, web and workers. The product runs here exactly as in earnest; only its environment differs.
import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { LogPort } from '../../engine/port/log.ts';
import { readSurroundings } from '../../env.ts';
import type { Tools } from '../../prerequisite/prerequisite.ts';
import { type EmbeddedRedis, startEmbeddedRedis } from '../../store/server/embedded-redis.ts';
import type { AppCreated } from '../github/action/setup-input.ts';
import type { ControlClient } from '../github/control-client.ts';
import { type StartedLocalGithub, startLocalGithub } from '../github/start-local-github.ts';
import { type ScriptedModel, type ScriptedModelOptions, startScriptedModel } from '../model/start-scripted-model.ts';
import { type OurProcess, startProcess } from './child-process.ts';

interface Script {
  readonly scenarioFor: NonNullable<ScriptedModelOptions['scenarioFor']>;
  readonly own?: undefined;
}

/** The operator's own model, in the place of a script. */
export interface OwnModel {
  /** The model with its key, and the agents, as web and workers read them. */
  readonly env: Readonly<Record<string, string>>;
  /** Where agents were installed. */
  readonly agentFolder: string;
}

interface StackPlace {
  /** Absolute; everything is kept below it. */
  readonly folder: string;
  readonly tools: Tools;
  readonly slots?: number;
  /** Further variables for web and workers. */
  readonly env?: Readonly<Record<string, string>>;
  /** Every log line of web and workers. */
  readonly onLog: (source: 'web' | 'worker', line: string) => void;
  /** What a worker is started by, where that is not the product's own. */
  readonly workerScript?: string;
  /** Where the worker finds Redis, when something stands between them. */
  readonly workerRedisUrl?: (redisUrl: string) => Promise<string>;
  readonly log: LogPort;
}

export interface Stack {
  readonly github: StartedLocalGithub;
  readonly control: ControlClient;
  readonly app: AppCreated;
  readonly redis: EmbeddedRedis;
  readonly webUrl: string;
  /** Where the operator's API listens. */
  readonly adminUrl: string;
  web: OurProcess;
  worker: OurProcess;
  /** Starts web anew after it was killed, where GitHub expects it. */
  restartWeb(): Promise<void>;
  /** Starts the worker anew after it was killed. */
  restartWorker(): Promise<void>;
  /** One more worker, for whoever wants several. It ends with the stack at the latest. */
  startWorker(env?: Readonly<Record<string, string>>): Promise<OurProcess>;
  stop(): Promise<void>;
}

export interface ScriptedStack extends Stack {
  readonly model: ScriptedModel;
}

/** As bin/launch.mjs names it. */
const compileCache = resolve(import.meta.dirname, '../../../.cache/compile');

export const modelKey = 'scripted-key-that-no-sandbox-may-see';

export async function startStack(options: StackPlace & Script): Promise<ScriptedStack>;
export async function startStack(options: StackPlace & (Script | { readonly own: OwnModel })): Promise<Stack>;
export async function startStack(
  options: StackPlace & (Script | { readonly own: OwnModel }),
): Promise<Stack & { readonly model: ScriptedModel | undefined }> {
  const { folder, tools } = options;
  await mkdir(folder, { recursive: true });
  if (!tools.redis) throw new Error('Redis was not looked for');
  const [github, redis, model] = await Promise.all([
    startLocalGithub({ dataFolder: join(folder, 'github') }),
    startEmbeddedRedis({ tools: tools.redis, folder: join(folder, 'redis'), logger: options.log }),
    options.own ? undefined : startScriptedModel({ scenarioFor: options.scenarioFor, apiKey: modelKey }),
  ]);
  const app = await github.control.createApp({ name: 'Gatepilot' });
  const env = {
    ...renderEnvironment({ github, app, folder, tools, slots: options.slots ?? 4 }),
    ...(model ? renderScripted(model) : options.own?.env),
    ...options.env,
  };
  const root = resolve(import.meta.dirname, '../../..');
  const workerRedisUrl = (await options.workerRedisUrl?.(redis.url)) ?? redis.url;
  const started = new Set<OurProcess>();
  const start = async (source: 'web' | 'worker', script: string, own: Readonly<Record<string, string>>) => {
    const args = source === 'web' ? ['web'] : [];
    const onLog = (line: string) => options.onLog(source, line);
    const child = await startProcess({ script: join(root, script), args, env: { ...env, ...own }, folder, onLog });
    started.add(child);
    void child.exited.then(() => started.delete(child));
    return child;
  };
  const startWorker: Stack['startWorker'] = (more = {}) =>
    start('worker', options.workerScript ?? 'workers/main.ts', { REDIS_URL: workerRedisUrl, ...more });
  const startWeb = (port: string) => start('web', 'src/main.ts', { REDIS_URL: redis.url, PORT: port });
  const stop = async () => {
    await Promise.all([...started].map((child) => child.kill('SIGKILL')));
    await Promise.all([model?.stop(), redis.stop(), github.stop()]);
  };
  try {
    if (options.own) await linkAgents(join(folder, 'data'), options.own);
    const web = await startWeb('0');
    const port = String(web.ready['port']);
    const webUrl = `http://127.0.0.1:${port}`;
    const adminUrl = `http://127.0.0.1:${Number(web.ready['adminPort'])}`;
    await github.control.setWebhookUrl({ appId: app.appId, url: `${webUrl}/api/github/webhooks` });
    const stack: Stack & { readonly model: ScriptedModel | undefined } = {
      github,
      control: github.control,
      app,
      model,
      redis,
      webUrl,
      adminUrl,
      web,
      worker: await startWorker(),
      async restartWeb() {
        stack.web = await startWeb(port);
      },
      async restartWorker() {
        stack.worker = await startWorker();
      },
      startWorker,
      stop,
    };
    return stack;
  } catch (error) {
    // What came up already would go on for ever.
    await stop();
    throw error;
  }
}

interface Parts {
  readonly github: StartedLocalGithub;
  readonly app: AppCreated;
  readonly folder: string;
  readonly tools: Tools;
  readonly slots: number;
}

function renderEnvironment({ github, app, folder, tools, slots }: Parts): Record<string, string> {
  const surroundings = Object.entries(readSurroundings()).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  return {
    ...Object.fromEntries(surroundings),
    PATH: extendSearchPath(readSurroundings().PATH, tools),
    // What a killed process leaves behind goes with the folder.
    TMPDIR: folder,
    NODE_COMPILE_CACHE: compileCache,
    APP_ID: String(app.appId),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: app.webhookSecret,
    GHE_HOST: github.host,
    GHE_PROTOCOL: 'http',
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    GATEPILOT_DATA: join(folder, 'data'),
    GATEPILOT_SLOTS: String(slots),
    // The local GitHub has no limits that somebody would have to stay below.
    GATEPILOT_WRITES_PER_MINUTE: '6000',
    // Repositories are made here by the dozen, and none of them wants to be greeted.
    GATEPILOT_PROPOSE_SETTINGS: 'false',
    LOG_LEVEL: 'info',
  };
}

function renderScripted({ url }: ScriptedModel): Record<string, string> {
  return {
    MODEL_PROVIDER: 'anthropic',
    MODEL_BASE_URL: url,
    MODEL_API_KEY: modelKey,
    MODEL_NAME: 'scripted',
    MODEL_PRICE_INPUT: '3',
    MODEL_PRICE_OUTPUT: '15',
    MODEL_FORWARD_IDENTITY: 'true',
  };
}

/** Workers look for agents in their own data folder, which is a fresh one here; what was installed is hundreds of megabytes. */
async function linkAgents(dataFolder: string, { agentFolder }: OwnModel): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  await symlink(agentFolder, join(dataFolder, 'agents'));
}

/** What was found or brought already is found by web and workers too, and not brought once more for each stack. */
function extendSearchPath(path: string | undefined, { git, redis, bubblewrap }: Tools): string {
  const programs = [git, redis?.server, bubblewrap?.bwrap, bubblewrap?.tini, bubblewrap?.prlimit];
  const folders = programs.flatMap((program) => (program === undefined ? [] : [dirname(program)]));
  return [...new Set([...(path?.split(delimiter) ?? []), ...folders])].join(delimiter);
}
