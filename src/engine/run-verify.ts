// Runs the verify commands on one commit, in a worktree and a sandbox of their own: nothing of the agent's processes,
// caches or uncommitted files is there. Green means that these commands really ran and exited with zero.
import { join } from 'node:path';
import { countTests } from '../core/gate/count-tests.ts';
import type { CommandReport } from '../core/model/cause.ts';
import type { VerifyReport } from '../core/model/result.ts';
import { cutFailureWindows } from '../core/pilot/cut-failure-windows.ts';
import { redact } from '../core/sanitise/redact.ts';
import { ExternalError } from './external-error.ts';
import type { RepositoryRef } from './port/git.ts';
import type { ProcessEnd, Sandbox, SandboxProcess } from './port/sandbox.ts';
import type { SandboxPlace, WorkPorts } from './work-ports.ts';

export interface VerifyRequest {
  readonly id: string;
  readonly repository: RepositoryRef;
  readonly commit: string;
  readonly commands: readonly string[];
  readonly timeoutMs: number;
  readonly place: SandboxPlace;
  readonly signal: AbortSignal;
}

const outputCharsShown = 4_000;

/** Undefined when the signal ended it. */
export async function runVerify(ports: WorkPorts, request: VerifyRequest): Promise<VerifyReport | undefined> {
  const { repository, commit, signal } = request;
  const tree = await ports.git.treeOf(repository, commit);
  if (tree === undefined)
    throw new ExternalError({ system: 'git', message: `commit ${commit} is not in the mirror`, retry: 'soon' });
  const place = await ports.openWorkPlace(request.id);
  const workspace = join(place.folder, 'verify');
  try {
    await ports.git.checkout(repository, commit, workspace);
    const sandbox = await ports.sandboxes.create({
      id: `verify-${request.id}`.replace(/[^\w-]/g, '-').slice(-60),
      workspace: { path: workspace, access: 'read-write' },
      readOnly: [],
      env: { CI: 'true' },
      network: { mode: 'deny' },
      provider: request.place.provider,
      limits: { ...request.place.limits, wallMs: request.timeoutMs },
    });
    try {
      const commands = await runCommands(ports, request, sandbox);
      return signal.aborted ? undefined : { tree, commands };
    } finally {
      await sandbox.dispose();
    }
  } finally {
    await place.dispose();
  }
}

/** Stops at the first red command: what comes after it would only be noise. */
async function runCommands(ports: WorkPorts, request: VerifyRequest, sandbox: Sandbox): Promise<CommandReport[]> {
  const kill = () => void sandbox.kill();
  request.signal.addEventListener('abort', kill, { once: true });
  const reports: CommandReport[] = [];
  try {
    for (const command of request.commands) {
      if (request.signal.aborted) break;
      const report = await runCommand(ports, sandbox, { repository: request.repository, command });
      reports.push(report);
      if (report.exit.kind !== 'exited' || report.exit.code !== 0) break;
    }
  } finally {
    request.signal.removeEventListener('abort', kill);
  }
  return reports;
}

async function runCommand(
  ports: WorkPorts,
  sandbox: Sandbox,
  { repository, command }: { repository: RepositoryRef; command: string },
): Promise<CommandReport> {
  const startedAt = ports.clock.now();
  const child = sandbox.spawn(['sh', '-c', command]);
  child.stdin.end();
  const [output, end] = await Promise.all([collect(child), child.end]);
  const text = redact(output.toString('utf8')).text;
  const tests = countTests(text);
  return {
    command,
    exit: toExit(end),
    durationMs: ports.clock.now() - startedAt,
    output: cutFailureWindows(text, outputCharsShown),
    omittedBytes: Math.max(0, output.byteLength - outputCharsShown),
    log: await ports.artifacts.putText(repository.key, text),
    ...(tests ? { tests } : {}),
  };
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
