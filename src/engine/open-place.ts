// Where a run's agents and commands work: the sandbox that the policy asks for, with what the base branch says to prepare. That
// is made once for each state of its lock files, from a commit of the base branch alone and by nobody else's code, in a sandbox of
// its own with its own list of hosts; whoever works on it gets it read-only.
import type { CommandReport } from '../core/model/cause.ts';
import type { NetworkReport } from '../core/model/network-report.ts';
import { isPassed } from '../core/model/result.ts';
import type { RunPolicy } from '../core/model/run.ts';
import type { SetupNote } from '../core/model/setup-note.ts';
import { findForbidden } from '../core/network/network-permit.ts';
import { redact } from '../core/sanitise/redact.ts';
import { detectSetup, lockFiles } from '../core/setup/detect-setup.ts';
import { ExternalError } from './external-error.ts';
import type { RepositoryRef } from './port/git.ts';
import type { Layer, LayerDraft } from './port/layer.ts';
import type { SandboxSpec } from './port/sandbox.ts';
import { renderProxyEnvironment } from './render-proxy-environment.ts';
import { runCommand } from './run-command.ts';
import { SetupFailed } from './setup-failed.ts';
import { type SandboxPlace, toSandboxPlace, type WorkPorts } from './work-ports.ts';

export interface PlaceRequest {
  readonly policy: { readonly sandbox: Omit<RunPolicy['sandbox'], 'network'>; readonly setup?: RunPolicy['setup'] };
  readonly repository: RepositoryRef;
  /** A commit of the base branch, and of nothing else: what stands there is run. */
  readonly base: string;
  readonly signal: AbortSignal;
  /** Told when something is made, which may take minutes. */
  readonly onProgress?: (line: string) => void;
}

/** Throws SetupFailed with the output of the command that failed. What is not set up at all is said in `setup`. */
export async function openPlace(ports: WorkPorts, request: PlaceRequest): Promise<SandboxPlace> {
  const { policy, repository, base, signal } = request;
  const place = toSandboxPlace(ports.options, policy);
  if (!policy.setup) return place;
  const plan = await planSetup(ports, { repository, base, setup: policy.setup });
  if (plan.kind === 'none') return { ...place, setup: { source: 'none', commands: [], ...plan.why } };
  const key = ports.hash(
    JSON.stringify([1, repository.key, plan.commands, plan.hosts, plan.locks, await ports.layers.readMachine()]),
  );
  const layer =
    (await ports.layers.find(repository.key, key)) ??
    (await ports.layers.build({ repository: repository.key, key, signal }, (draft) => {
      request.onProgress?.(`dependencies are set up: ${plan.commands.join('; ')}`);
      return make(ports, { draft, plan, repository, base, place, signal });
    }));
  if (!layer) throw signal.reason;
  return { ...place, layer, setup: toNote(plan, layer) };
}

interface Plan {
  readonly kind: 'commands';
  readonly source: 'settings' | 'detected';
  readonly commands: readonly string[];
  readonly hosts: readonly string[];
  /** Lock files with names of their content. */
  readonly locks: readonly { readonly path: string; readonly id: string }[];
  readonly expected: readonly { readonly part: string; readonly lockFile: string }[];
  readonly timeoutMs: number;
}

type Planned = Plan | { readonly kind: 'none'; readonly why: { readonly why?: string } };

async function planSetup(
  ports: WorkPorts,
  { repository, base, setup }: { repository: RepositoryRef; base: string; setup: NonNullable<RunPolicy['setup']> },
): Promise<Planned> {
  if ((await ports.git.treeOf(repository, base)) === undefined)
    throw new ExternalError({ system: 'git', message: `commit ${base} is not in the mirror`, retry: 'soon' });
  const locks = await ports.git.identifyFiles(repository, base, lockFiles);
  const { commands, timeoutMs } = setup;
  if (commands.length > 0)
    return { kind: 'commands', source: 'settings', commands, hosts: setup.network, locks, expected: [], timeoutMs };
  const detected = detectSetup(locks.map(({ path }) => path));
  if (!detected) return { kind: 'none', why: {} };
  const hosts = setup.network.length > 0 ? setup.network : detected.hosts;
  const forbidden = findForbidden(hosts, ports.options.network);
  if (forbidden.length > 0) {
    const names = detected.expected.map(({ lockFile }) => lockFile).join(', ');
    const why = `${names} would be set up from ${forbidden.join(', ')}, which the operator does not permit (GATEPILOT_NETWORK).`;
    return { kind: 'none', why: { why } };
  }
  return { kind: 'commands', source: 'detected', ...detected, hosts, locks, timeoutMs };
}

function toNote({ source, commands, expected }: Plan, { key, parts }: Layer): SetupNote {
  const missing = expected.filter(({ part }) => !parts.includes(part)).map(({ lockFile }) => lockFile);
  const why =
    missing.length === 0
      ? {}
      : { why: `${missing.join(', ')} left nothing: this machine has no program for it, or it names no dependencies.` };
  return { source, commands: [...commands], layer: key.slice(0, 12), ...why };
}

interface Making {
  readonly draft: LayerDraft;
  readonly plan: Plan;
  readonly repository: RepositoryRef;
  readonly base: string;
  readonly place: SandboxPlace;
  readonly signal: AbortSignal;
}

const proxyPort = 3128;

async function make(ports: WorkPorts, making: Making): Promise<void> {
  const { draft, plan, repository, base, place, signal } = making;
  const startedAt = ports.clock.now();
  ports.log.info({ repository: repository.key, base, commands: plan.commands }, 'dependencies are set up');
  await ports.git.checkout(repository, base, draft.workspace);
  const egress = plan.hosts.length > 0 ? await ports.egress.grant(plan.hosts) : undefined;
  const proxy = egress && { socket: egress.socket, port: proxyPort };
  const network: SandboxSpec['network'] = proxy ? { mode: 'allowlist', proxy } : { mode: 'deny' };
  try {
    const sandbox = await ports.sandboxes.create({
      id: `setup-${base.slice(0, 12)}`,
      workspace: { path: draft.workspace, access: 'read-write' },
      readOnly: [],
      dependencies: { path: draft.folder, access: 'read-write' },
      env: { CI: 'true', GATEPILOT_DEPS: '/deps', ...(proxy ? renderProxyEnvironment(proxyPort) : {}) },
      network,
      provider: place.provider,
      limits: { ...place.limits, wallMs: plan.timeoutMs },
    });
    const kill = () => void sandbox.kill();
    signal.addEventListener('abort', kill, { once: true });
    try {
      for (const command of plan.commands) {
        if (signal.aborted) throw signal.reason;
        const report = await runCommand(ports, sandbox, { repository, command });
        if (signal.aborted) throw signal.reason;
        if (!isPassed(report)) throw new SetupFailed(withNetwork(report, egress?.report().denied));
      }
    } finally {
      signal.removeEventListener('abort', kill);
      await sandbox.dispose();
    }
  } finally {
    const reached = await egress?.revoke();
    ports.log.info({ repository: repository.key, ms: ports.clock.now() - startedAt, reached }, 'a set-up ended');
  }
}

/** Programs seldom say that it was a list that kept them from something. */
function withNetwork(report: CommandReport, denied: NetworkReport['denied'] = []): CommandReport {
  if (denied.length === 0) return report;
  const hosts = denied.map(({ host }) => redact(host).text).join(', ');
  return { ...report, output: `${report.output}\n\nNot on the list of hosts, and not reached: ${hosts}` };
}
