// Runs Debian's package tools by their fixed paths; what they print goes to a log file and not to the terminal.
import { appendFile } from 'node:fs/promises';
import { type ProgramRun, runProgram } from './run-program.ts';

export interface Apt {
  run(tool: 'apt-get' | 'dpkg', args: readonly string[], cwd?: string): Promise<ProgramRun>;
}

const toolPaths = { 'apt-get': '/usr/bin/apt-get', dpkg: '/usr/bin/dpkg' };
/** dpkg refuses to work without the sbin folders, which a user's PATH may lack. */
const toolSearchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** What a machine may say about how to reach its package mirror. */
const passedVariables = ['http_proxy', 'https_proxy', 'no_proxy', 'APT_CONFIG'];
const timeoutMs = 10 * 60_000;

export function createApt(environment: Readonly<Record<string, string>>, logPath: string): Apt {
  const env: Record<string, string> = { PATH: toolSearchPath, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  for (const name of passedVariables) {
    const value = environment[name];
    if (value !== undefined) env[name] = value;
  }
  return {
    async run(tool, args, cwd) {
      const run = await runProgram(toolPaths[tool], args, { env, timeoutMs, ...(cwd === undefined ? {} : { cwd }) });
      const record = `$ ${tool} ${args.join(' ')}\n${run.stdout}${run.stderr}`;
      await appendFile(logPath, `${record.trimEnd()}\n`, { mode: 0o600 });
      return run;
    },
  };
}
