// Starts the local GitHub as a child process, which ends with this process at the latest.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type ControlClient, createControlClient } from './control-client.ts';

export interface StartOptions {
  /** Where the bare repositories live; made when missing. */
  readonly dataFolder: string;
  /** Default: any free port. */
  readonly port?: number;
  readonly controlPort?: number;
  /** PATH for git. Default: the usual folders. */
  readonly searchPath?: string;
}

export interface StartedLocalGithub {
  /** `127.0.0.1:PORT`: what the bot's GHE_HOST is set to, with GHE_PROTOCOL=http. */
  readonly host: string;
  readonly apiUrl: string;
  readonly controlUrl: string;
  readonly control: ControlClient;
  stop(): Promise<void>;
}

/** As bin/launch.mjs names it. */
const compileCache = fileURLToPath(new URL('../../../.cache/compile', import.meta.url));

const Ready = z.object({ apiUrl: z.string(), controlUrl: z.string() });

export async function startLocalGithub(options: StartOptions): Promise<StartedLocalGithub> {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  const args = [
    program,
    ...['--data', options.dataFolder],
    ...['--port', String(options.port ?? 0)],
    ...['--control-port', String(options.controlPort ?? 0)],
    ...(options.searchPath === undefined ? [] : ['--path', options.searchPath]),
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { NODE_COMPILE_CACHE: compileCache },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const complaint = text(child.stderr);
  const firstLine = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    void ended.then(async () => reject(new Error(`the local GitHub did not start: ${await complaint}`)));
  });
  const { apiUrl, controlUrl } = Ready.parse(JSON.parse(await firstLine));
  return {
    host: new URL(apiUrl).host,
    apiUrl,
    controlUrl,
    control: createControlClient(controlUrl),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
