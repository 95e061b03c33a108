// How the program of an engine is called: where it keeps things, and what it knows of its surroundings.
import type { RunProcess } from '../../subprocess/run-process.ts';
import type { Engine } from './engine.ts';

export interface EngineClient {
  readonly engine: Engine;
  /** Host path. */
  readonly program: string;
  /** Before every command. */
  readonly options: readonly string[];
  /** Complete; nothing of the worker's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly runProcess: RunProcess;
}

const maxBytes = 1024 * 1024;
const timeoutMs = 120_000;

/** What it printed, or what it complained of. Fails when it could not be started. */
export async function callEngine(
  { program, options, env, runProcess }: EngineClient,
  args: readonly string[],
  input?: Uint8Array,
): Promise<{ readonly isDone: boolean; readonly said: string }> {
  const outcome = await runProcess({
    program,
    args: [...options, ...args],
    env,
    cwd: '/',
    maxBytes,
    timeoutMs,
    ...(input ? { input } : {}),
  });
  const isDone = outcome.code === 0;
  return { isDone, said: (isDone ? outcome.stdout : outcome.stderr).toString('utf8').trim() };
}
