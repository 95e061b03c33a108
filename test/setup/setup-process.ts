// `npm run setup` as a process, and what a person's browser does with the address that it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const script = join(import.meta.dirname, '../../src/setup/main.ts');

export interface SetupProcess {
  /** The address to open, as it was printed. */
  readonly url: string;
  /** Resolves when the process has ended. */
  readonly ended: Promise<Ended>;
  kill(): Promise<void>;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly address: Promise<string>;
}

function start(args: readonly string[], folder: string): Started {
  const child = spawn(process.execPath, [script, ...args], { cwd: folder, env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let complaint = '';
  const address = Promise.withResolvers<string>();
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    const [url] = /http:\/\/\S+(?=\n)/.exec(out) ?? [];
    if (url !== undefined) address.resolve(url);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const ended = once(child, 'close').then(
    ([code]): Ended => ({ code: typeof code === 'number' ? code : null, out, complaint }),
  );
  void ended.then(() => address.reject(new Error(`the set-up ended early: ${complaint}`)));
  // Whoever only waits for the end does not look at the address.
  address.promise.catch(() => undefined);
  return { child, ended, address: address.promise };
}

export async function startSetupProcess(args: readonly string[], folder: string): Promise<SetupProcess> {
  const { child, ended, address } = start(args, folder);
  return {
    url: await address,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export async function runSetup(args: readonly string[], folder: string): Promise<Ended> {
  return await start(args, folder).ended;
}

export interface Form {
  readonly action: string;
  readonly manifest: string;
}

export async function readForm(url: string): Promise<Form> {
  const response = await fetch(url);
  const page = await response.text();
  const read = (pattern: RegExp) => decodeEntities(pattern.exec(page)?.[1] ?? '');
  return { action: read(/<form action="([^"]*)" method="post">/), manifest: read(/name="manifest" value="([^"]*)"/) };
}

const entities: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', '#39': "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(quot|amp|lt|gt|#39);/g, (_, name: string) => entities[name] ?? '');
}

/** Sends the form to GitHub, as the button does. Gives the address that GitHub sends the browser back to. */
export async function pressButton({ action, manifest }: Form): Promise<string> {
  const response = await fetch(action, { method: 'POST', body: new URLSearchParams({ manifest }), redirect: 'manual' });
  if (response.status !== 302) throw new Error(`GitHub answered ${response.status}: ${await response.text()}`);
  return response.headers.get('location') ?? '';
}
