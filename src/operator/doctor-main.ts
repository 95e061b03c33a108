// Says what of an installation is right, and what to do about the rest: `npm run doctor -- [--repository owner/name] [--json]`.
import { parseArgs } from 'node:util';
import { redact } from '../core/sanitise/redact.ts';
import { type Env, EnvironmentMistake, readEnv } from '../env.ts';
import { openLog } from '../process/open-log.ts';
import { examine } from './doctor/examine.ts';
import { type Finding, fail } from './doctor/finding.ts';
import { type Hide, hideIn, openHide, renderFinding } from './doctor/render.ts';

const usage = 'npm run doctor -- [--repository owner/name] [--json]\n';

interface Asked {
  readonly json: boolean;
  readonly repository?: string | undefined;
}

function readArguments(): Asked | undefined {
  try {
    const { values } = parseArgs({
      options: { json: { type: 'boolean', default: false }, repository: { type: 'string' } },
    });
    if (values.repository !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(values.repository)) return undefined;
    return values;
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const asked = readArguments();
  if (!asked) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const findings: Finding[] = [];
  const say = (finding: Finding, hide: Hide) => {
    const shown = hideIn(finding, hide);
    findings.push(shown);
    if (!asked.json) process.stdout.write(`${renderFinding(shown)}\n`);
  };
  const env = readEnvironment();
  if (env instanceof EnvironmentMistake) {
    const mend = 'Mend .env or the variable; docs/operating.md lists them all.';
    say(fail('env', env.message.replace(/\.$/, ''), mend), (text) => redact(text).text);
  } else {
    const hide = openHide(env);
    // What adapters log would stand between the lines.
    const { repository } = asked;
    await examine({ env, log: openLog('silent'), repository, say: (finding) => say(finding, hide) });
  }
  const isRight = findings.every(({ verdict }) => verdict !== 'fail');
  if (asked.json) process.stdout.write(`${JSON.stringify({ ok: isRight, findings }, undefined, 2)}\n`);
  process.exitCode = isRight ? 0 : 1;
}

function readEnvironment(): Env | EnvironmentMistake {
  try {
    return readEnv();
  } catch (error) {
    if (error instanceof EnvironmentMistake) return error;
    throw error;
  }
}

main().then(
  // What did not answer in time may hold the process.
  () => process.stdout.write('', () => process.exit()),
  (error: unknown) => {
    process.stderr.write(`${redact(error instanceof Error ? String(error.stack) : String(error)).text}\n`);
    process.exit(70);
  },
);
