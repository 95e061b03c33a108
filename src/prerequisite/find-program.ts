// Looks for a program in folders and takes the first that runs and is new enough. A file's existence proves nothing.
import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type Program, renderRequirement } from './program.ts';
import { lastComplaint, runProgram } from './run-program.ts';

export type Finding =
  | { readonly kind: 'found'; readonly program: Program; readonly path: string }
  /** `why` is a sentence without its full stop. */
  | { readonly kind: 'missing'; readonly program: Program; readonly why: string; readonly isOutdated: boolean };

type Environment = Readonly<Record<string, string>>;

const answerTimeoutMs = 20_000;

/** The folders of a PATH. Relative entries are left out: they would make the current folder a source of programs. */
export function parseSearchPath(path: string): string[] {
  return [...new Set(path.split(':').filter((folder) => isAbsolute(folder)))];
}

export async function findProgram(
  program: Program,
  folders: readonly string[],
  environment: Environment,
): Promise<Finding> {
  let first: Complaint | undefined;
  for (const file of program.files) {
    for (const folder of folders) {
      const path = join(folder, file);
      if (!(await isExecutable(path))) continue;
      const complaint = await inspectProgram(program, path, environment);
      if (complaint === undefined) return { kind: 'found', program, path };
      first ??= complaint;
    }
  }
  const absent = { why: `${renderRequirement(program)} is not on this machine`, isOutdated: false };
  return { kind: 'missing', program, ...(first ?? absent) };
}

/** Beside the server, under the name that its build gives it. */
export function checkAofBeside(serverPath: string): string {
  return join(dirname(serverPath), basename(serverPath).replace('server', 'check-aof'));
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

interface Complaint {
  readonly why: string;
  readonly isOutdated: boolean;
}

async function inspectProgram(program: Program, path: string, env: Environment): Promise<Complaint | undefined> {
  const run = await runProgram(path, ['--version'], { env, timeoutMs: answerTimeoutMs });
  const match = run.code === 0 ? program.version.exec(run.stdout) : null;
  if (!match) return { why: `${path} does not run: ${lastComplaint(run)}`, isOutdated: false };
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major < program.minimum[0] || (major === program.minimum[0] && minor < program.minimum[1])) {
    const why = `${path} is version ${major}.${minor}, and ${renderRequirement(program)} is needed`;
    return { why, isOutdated: true };
  }
  return program.name === 'redis-server' ? inspectCheckAof(checkAofBeside(path), env) : undefined;
}

async function inspectCheckAof(path: string, env: Environment): Promise<Complaint | undefined> {
  // It has no option that asks nothing of it: without a file it tells its usage and ends with 1.
  const run = await runProgram(path, [], { env, timeoutMs: answerTimeoutMs });
  if (/usage/i.test(run.stdout)) return undefined;
  const why = `${path}, which repairs the server's data after a crash, does not run: ${lastComplaint(run)}`;
  return { why, isOutdated: false };
}
