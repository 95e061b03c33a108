// A process of ours under supervision: started with a complete environment, ready when it says so in one JSON line.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface OurProcess {
  readonly pid: number;
  /** What the process said in its ready line. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** With its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface ProcessOptions {
  readonly script: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Every line that the process writes to its error stream. */
  readonly onLog: (line: string) => void;
}

/** Only a ceiling: a machine with much else to do takes its time. */
const readyMs = 180_000;

export async function startProcess(options: ProcessOptions): Promise<OurProcess> {
  const child = spawn(process.execPath, [options.script, ...(options.args ?? [])], {
    env: { ...options.env },
    cwd: options.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line);
    lastLines.splice(0, Math.max(0, lastLines.length - 20));
    options.onLog(line);
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = await waitUntilReady(child, exited, () => lastLines.join('\n'));
  return {
    pid: child.pid ?? 0,
    ready,
    exited,
    async kill(signal) {
      child.kill(signal);
      await exited;
    },
  };
}

async function waitUntilReady(
  child: ChildProcess,
  exited: Promise<number | null>,
  lastWords: () => string,
): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = child;
  if (!stdout) throw new Error('a process without an output stream');
  const lines = createInterface({ input: stdout });
  const first = new Promise<string>((resolve) => lines.once('line', resolve));
  const timeout = AbortSignal.timeout(readyMs);
  const late = new Promise<'late'>((resolve) =>
    timeout.addEventListener('abort', () => resolve('late'), { once: true }),
  );
  const answer = await Promise.race([first, exited.then(() => 'exited' as const), late]);
  if (answer === 'exited' || answer === 'late') {
    child.kill('SIGKILL');
    throw new Error(`${child.spawnargs[1]} did not come up (${answer}):\n${lastWords()}`);
  }
  return JSON.parse(answer) as Record<string, unknown>;
}
