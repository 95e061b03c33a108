// Runs one program to its end with a complete environment and no shell. A program that fails is a value here.
import { execFile } from 'node:child_process';

export interface ProgramRun {
  /** Exit code; undefined when the program did not start, was killed or took too long. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly cwd?: string;
  /** User and group id to run as; only root may ask for another than its own. */
  readonly uid?: number;
}

const maxOutputBytes = 64 * 1024 * 1024;

export function runProgram(path: string, args: readonly string[], options: RunOptions): Promise<ProgramRun> {
  const { env, timeoutMs, cwd, uid } = options;
  const settings = {
    env,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: maxOutputBytes,
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  } as const;
  return new Promise<ProgramRun>((resolve) => {
    const child = execFile(path, args, settings, (error, stdout, stderr) => {
      if (!error) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else resolve({ code: undefined, stdout, stderr: stderr || error.message });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end();
    // Some failures to start are thrown, such as a user id that does not exist in a user namespace.
  }).catch((error: Error) => ({ code: undefined, stdout: '', stderr: error.message }));
}

/** What a failed program had to say, without full stop: the last line that names an error, else the last line. */
export function lastComplaint(run: ProgramRun): string {
  const lines = `${run.stdout}\n${run.stderr}`.split('\n').filter((line) => line.trim() !== '');
  const complaint = lines.findLast((line) => /^(E|Err|error|fatal)\b/i.test(line)) ?? lines.at(-1);
  return (
    complaint?.trim().replace(/\.$/, '') ??
    `it ended with ${run.code === undefined ? 'no exit code' : `exit code ${run.code}`}`
  );
}
