// Small programs of the system, looked for where the system keeps its own, that are expected to succeed.
import type { RunProcess } from './run-process.ts';

/** Gives what it printed. Fails with `ToolFailed` when it ended in any way but well. */
export type RunTool = (tool: string, args: readonly string[], bounds?: Partial<ToolBounds>) => Promise<string>;

export interface ToolBounds {
  /** What prints more is ended. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

export class ToolFailed extends Error {
  override readonly name = 'ToolFailed';
  /** What it printed before it failed. */
  readonly stdout: string;
  /** It was ended at one of its bounds. */
  readonly isBeyond: boolean;

  constructor(message: string, options: { readonly stdout: string; readonly isBeyond: boolean }) {
    super(message);
    this.stdout = options.stdout;
    this.isBeyond = options.isBeyond;
  }
}

const usual: ToolBounds = { maxBytes: 1024 * 1024, timeoutMs: 10 * 60_000 };

export function createRunTool(runProcess: RunProcess): RunTool {
  return async (tool, args, bounds) => {
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
    const outcome = await runProcess({ program: tool, args, env, cwd: '/', ...usual, ...bounds });
    const stdout = outcome.stdout.toString('utf8');
    if (outcome.code === 0) return stdout;
    const reason = outcome.isLate ? 'took too long' : `ended with ${outcome.code ?? 'a signal'}`;
    throw new ToolFailed(`${tool} ${reason}: ${outcome.stderr.toString('utf8').trim()}`, {
      stdout,
      isBeyond: outcome.isLate || outcome.isCut,
    });
  };
}
