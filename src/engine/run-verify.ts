// Runs the verify commands on one commit, in a worktree and a sandbox of their own: nothing of the agent's processes,
// caches or uncommitted files is there. Green means that these commands really ran and exited with zero.
import { join } from 'node:path';
import type { CommandReport } from '../core/model/cause.ts';
import type { VerifyReport } from '../core/model/result.ts';
import { renderLayerEnvironment, renderPreparation } from '../core/setup/detect-setup.ts';
import { ExternalError } from './external-error.ts';
import { openWayOut, type WayOut } from './open-way-out.ts';
import type { RepositoryRef } from './port/git.ts';
import type { Sandbox } from './port/sandbox.ts';
import { runCommand } from './run-command.ts';
import type { SandboxPlace, WorkPorts } from './work-ports.ts';

export interface VerifyRequest {
  readonly id: string;
  readonly repository: RepositoryRef;
  readonly commit: string;
  readonly commands: readonly string[];
  readonly timeoutMs: number;
  /** Goes on after a red command: whoever lets a verdict pass has to see all of it. */
  readonly isWhole?: boolean;
  readonly place: SandboxPlace;
  readonly signal: AbortSignal;
}

/** Undefined when the signal ended it. */
export async function runVerify(ports: WorkPorts, request: VerifyRequest): Promise<VerifyReport | undefined> {
  const { repository, commit, signal } = request;
  const { layer, setup } = request.place;
  const tree = await ports.git.treeOf(repository, commit);
  if (tree === undefined)
    throw new ExternalError({ system: 'git', message: `commit ${commit} is not in the mirror`, retry: 'soon' });
  const place = await ports.openWorkPlace(request.id);
  const workspace = join(place.folder, 'verify');
  let way: WayOut | undefined;
  try {
    await ports.git.checkout(repository, commit, workspace);
    way = await openWayOut(ports, request.place, []);
    const sandbox = await ports.sandboxes.create({
      id: `verify-${request.id}`.replace(/[^\w-]/g, '-').slice(-60),
      workspace: { path: workspace, access: 'read-write' },
      readOnly: [],
      env: { CI: 'true', ...(layer ? renderLayerEnvironment(layer.parts) : {}), ...way.env },
      dependencies: layer && { path: layer.folder, access: 'read-only' },
      network: way.network,
      provider: request.place.provider,
      limits: { ...request.place.limits, wallMs: request.timeoutMs },
    });
    try {
      await prepare(sandbox, layer?.parts ?? []);
      const commands = await runCommands(ports, request, { sandbox, way });
      return signal.aborted ? undefined : { tree, commands, ...(setup ? { setup } : {}) };
    } finally {
      await sandbox.dispose();
    }
  } finally {
    await way?.close();
    await place.dispose();
  }
}

interface Opened {
  readonly sandbox: Sandbox;
  readonly way: WayOut;
}

/** Where it fails the commands say so. */
async function prepare(sandbox: Sandbox, parts: readonly string[]): Promise<void> {
  const command = renderPreparation(parts);
  if (command === undefined) return;
  const child = sandbox.spawn(['sh', '-c', command]);
  child.stdin.end();
  child.stdout.resume();
  child.stderr.resume();
  await child.end;
}

/** To an agent what comes after the first red command would only be noise. Nothing comes after one that our limits ended. */
async function runCommands(
  ports: WorkPorts,
  request: VerifyRequest,
  { sandbox, way }: Opened,
): Promise<CommandReport[]> {
  const kill = () => void sandbox.kill();
  request.signal.addEventListener('abort', kill, { once: true });
  const reports: CommandReport[] = [];
  try {
    for (const command of request.commands) {
      if (request.signal.aborted) break;
      const { repository } = request;
      const report = await runCommand(ports, sandbox, { repository, command, listDenied: way.listDenied });
      reports.push(report);
      if (report.exit.kind !== 'exited' || (report.exit.code !== 0 && !request.isWhole)) break;
    }
  } finally {
    request.signal.removeEventListener('abort', kill);
  }
  return reports;
}
