// Everything that a whole run needs, on one machine: a local GitHub, a scripted model behind a real provider protocol,
// Redis, web and workers. The product runs here exactly as in earnest; only its environment differs.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LogPort } from '../../engine/port/log.ts';
import { readSurroundings } from '../../env.ts';
import type { Tools } from '../../prerequisite/prerequisite.ts';
import { type EmbeddedRedis, startEmbeddedRedis } from '../../store/server/embedded-redis.ts';
import type { AppCreated } from '../github/action/setup-input.ts';
import type { ControlClient } from '../github/control-client.ts';
import { type StartedLocalGithub, startLocalGithub } from '../github/start-local-github.ts';
import { type ScriptedModel, type ScriptedModelOptions, startScriptedModel } from '../model/start-scripted-model.ts';
import { type OurProcess, startProcess } from './child-process.ts';

export interface StackOptions {
  /** Absolute; everything is kept below it. */
  readonly folder: string;
  readonly tools: Tools;
  readonly scenarioFor: NonNullable<ScriptedModelOptions['scenarioFor']>;
  readonly slots?: number;
  /** Further variables for web and workers. */
  readonly env?: Readonly<Record<string, string>>;
  /** Every log line of web and workers. */
  readonly onLog: (source: 'web' | 'worker', line: string) => void;
  /** Where the worker finds Redis, when something stands between them. */
  readonly workerRedisUrl?: (redisUrl: string) => Promise<string>;
  readonly log: LogPort;
}

export interface Stack {
  readonly github: StartedLocalGithub;
  readonly control: ControlClient;
  readonly app: AppCreated;
  readonly model: ScriptedModel;
  readonly redis: EmbeddedRedis;
  readonly webUrl: string;
  worker: OurProcess;
  /** Starts the worker anew after it was killed. */
  restartWorker(): Promise<void>;
  stop(): Promise<void>;
}

export const modelKey = 'scripted-key-that-no-sandbox-may-see';

export async function startStack(options: StackOptions): Promise<Stack> {
  const { folder, tools } = options;
  await mkdir(folder, { recursive: true });
  if (!tools.redis) throw new Error('Redis was not looked for');
  const [github, redis, model] = await Promise.all([
    startLocalGithub({ dataFolder: join(folder, 'github') }),
    startEmbeddedRedis({ tools: tools.redis, folder: join(folder, 'redis'), logger: options.log }),
    startScriptedModel({ scenarioFor: options.scenarioFor, apiKey: modelKey }),
  ]);
  const app = await github.control.createApp({ name: 'Gatepilot' });
  const env = { ...renderEnvironment({ github, app, model, folder, slots: options.slots ?? 4 }), ...options.env };
  const root = resolve(import.meta.dirname, '../../..');
  const workerRedisUrl = (await options.workerRedisUrl?.(redis.url)) ?? redis.url;
  const startWorker = () =>
    startProcess({
      script: join(root, 'workers/main.ts'),
      env: { ...env, REDIS_URL: workerRedisUrl },
      folder,
      onLog: (line) => options.onLog('worker', line),
    });
  const web = await startProcess({
    script: join(root, 'src/main.ts'),
    args: ['web'],
    env: { ...env, REDIS_URL: redis.url },
    folder,
    onLog: (line) => options.onLog('web', line),
  });
  const webUrl = `http://127.0.0.1:${Number(web.ready.port)}`;
  await github.control.setWebhookUrl({ appId: app.appId, url: `${webUrl}/api/github/webhooks` });
  const stack: Stack = {
    github,
    control: github.control,
    app,
    model,
    redis,
    webUrl,
    worker: await startWorker(),
    async restartWorker() {
      stack.worker = await startWorker();
    },
    async stop() {
      await Promise.all([stack.worker.kill('SIGKILL'), web.kill('SIGKILL')]);
      await Promise.all([model.stop(), redis.stop(), github.stop()]);
    },
  };
  return stack;
}

interface Parts {
  readonly github: StartedLocalGithub;
  readonly app: AppCreated;
  readonly model: ScriptedModel;
  readonly folder: string;
  readonly slots: number;
}

function renderEnvironment({ github, app, model, folder, slots }: Parts): Record<string, string> {
  const surroundings = Object.entries(readSurroundings()).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  return {
    ...Object.fromEntries(surroundings),
    APP_ID: String(app.appId),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: app.webhookSecret,
    GHE_HOST: github.host,
    GHE_PROTOCOL: 'http',
    HOST: '127.0.0.1',
    PORT: '0',
    GATEPILOT_DATA: join(folder, 'data'),
    GATEPILOT_SLOTS: String(slots),
    // The local GitHub has no limits that somebody would have to stay below.
    GATEPILOT_WRITES_PER_MINUTE: '6000',
    MODEL_PROVIDER: 'anthropic',
    MODEL_BASE_URL: model.url,
    MODEL_API_KEY: modelKey,
    MODEL_NAME: 'scripted',
    MODEL_PRICE_INPUT: '3',
    MODEL_PRICE_OUTPUT: '15',
    MODEL_FORWARD_IDENTITY: 'true',
    LOG_LEVEL: 'info',
  };
}
