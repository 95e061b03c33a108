// One command in a sandbox, and what it said.
import { countTests } from '../core/gate/count-tests.ts';
import type { CommandReport } from '../core/model/cause.ts';
import { cutFailureWindows } from '../core/pilot/cut-failure-windows.ts';
import type { RepositoryRef } from './port/git.ts';
import type { ProcessEnd, Sandbox, SandboxProcess } from './port/sandbox.ts';
import { redactInTurns } from './redact-in-turns.ts';
import type { WorkPorts } from './work-ports.ts';

type Denied = NonNullable<CommandReport['denied']>;

interface Commanded {
  readonly repository: RepositoryRef;
  readonly command: string;
  /** What its sandbox was denied so far, where anybody counts. */
  readonly listDenied?: () => Denied;
}

const outputCharsShown = 4_000;

export async function runCommand(
  ports: WorkPorts,
  sandbox: Sandbox,
  { repository, command, listDenied = () => [] }: Commanded,
): Promise<CommandReport> {
  const startedAt = ports.clock.now();
  const before = listDenied();
  const child = sandbox.spawn(['sh', '-c', command]);
  child.stdin.end();
  const [output, end] = await Promise.all([collect(child), child.end]);
  const { text } = await redactInTurns(output.toString('utf8'));
  const tests = countTests(text);
  const denied = findNew(before, listDenied());
  return {
    command,
    exit: toExit(end),
    durationMs: ports.clock.now() - startedAt,
    output: cutFailureWindows(text, outputCharsShown),
    omittedBytes: Math.max(0, output.byteLength - outputCharsShown),
    log: await ports.artifacts.putText(repository.key, text),
    ...(tests ? { tests } : {}),
    ...(denied.length === 0 ? {} : { denied }),
  };
}

/** Of what its sandbox was denied so far, what is not of the commands before it. */
function findNew(before: Denied, now: Denied): Denied {
  const known = new Map(before.map(({ host, count }) => [host, count]));
  return now.flatMap((one) => {
    const count = one.count - (known.get(one.host) ?? 0);
    return count > 0 ? [{ ...one, count }] : [];
  });
}

/** Both streams in the order in which they arrive; the sandbox caps them. */
async function collect(child: SandboxProcess): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const take = async (stream: AsyncIterable<Buffer | string>) => {
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  };
  await Promise.all([take(child.stdout), take(child.stderr)]);
  return Buffer.concat(chunks);
}

function toExit(end: ProcessEnd): CommandReport['exit'] {
  switch (end.kind) {
    case 'exited':
      return { kind: 'exited', code: end.code };
    case 'signalled':
      return { kind: 'signalled', signal: end.signal };
    case 'killed':
      return { kind: 'killed', reason: end.reason };
  }
}
