// Proves what a provider claims, by starting real sandboxes on this host. Nothing is inferred from a file or a version.
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import {
  type Enforcement,
  type ProcessEnd,
  type Sandbox,
  type SandboxCapabilities,
  SandboxRefused,
  type SandboxSpec,
} from '../../engine/port/sandbox.ts';
import { defaultEnvironment, insideUid } from './inside.ts';
import { systemCalls } from './system-calls.ts';

type Open = (spec: SandboxSpec) => Promise<Sandbox>;

const mebibyte = 1024 * 1024;
const gatewayPort = 4_000;
const proxyPort = 3_128;
const greetings = { gateway: 'gateway', proxy: 'proxy', machine: 'machine' } as const;
/** Of the shell or the engine that is the first process. */
const ownVariables = ['PWD', 'HOSTNAME', 'TERM', 'container'];
const pids = 40;

export const probeLimits = {
  memoryBytes: 512 * mebibyte,
  pids,
  cpuSeconds: 20,
  diskBytes: 64 * mebibyte,
  wallMs: 60_000,
  outputBytes: mebibyte,
};

const Report = z.object({
  uid: z.number(),
  interfaces: z.array(z.string()),
  variables: z.array(z.string()),
  kernelSetting: z.string(),
  workspace: z.string(),
  seesHost: z.boolean(),
  processes: z.number(),
  gateway: z.string(),
  proxy: z.string(),
  machine: z.string(),
});

export interface Claim {
  /** Of the provider. */
  readonly name: string;
  /** The host is open to its processes, and nothing of it is hidden. */
  readonly isOpen: boolean;
  /** Its processes are somebody else inside than the usual user, and have variables of the engine's in the first of them. */
  readonly isOtherUser?: true;
}

export interface IsolationProof {
  readonly pids: Enforcement;
  readonly network: SandboxCapabilities['network'];
}

/** Throws SandboxRefused when a sandbox does not start, or does not hold what every sandbox must. */
export async function proveIsolation(open: Open, stateFolder: string, claim: Claim): Promise<IsolationProof> {
  return await withFolders(stateFolder, async ({ workspace, sockets }) => {
    const gateway = { socket: join(sockets, 'gateway.sock'), port: gatewayPort };
    const proxy = { socket: join(sockets, 'proxy.sock'), port: proxyPort };
    const servers = await Promise.all([
      greet('gateway', { path: gateway.socket }),
      greet('proxy', { path: proxy.socket }),
      greet('machine', { host: '127.0.0.1', port: 0 }),
    ]);
    try {
      // Where the network is the machine's, no list holds.
      const network = claim.isOpen
        ? ({ mode: 'gateway', ...gateway } as const)
        : ({ mode: 'allowlist', gateway, proxy } as const);
      const sandbox = await open(toProbeSpec(workspace, network));
      const { port } = servers[2].address() as AddressInfo;
      const ports = [sandbox.gatewayPort ?? gatewayPort, proxyPort, port];
      const at = { hostPath: workspace, ports };
      const report = await runInside(sandbox, at, claim.name).finally(() => sandbox.dispose());
      if (!claim.isOpen) refuseUnlessIsolated(report, claim);
      return { pids: report.processes < pids ? 'hard' : 'none', network: listProved(report) };
    } finally {
      for (const server of servers) server.close();
    }
  });
}

async function greet(name: keyof typeof greetings, where: ListenOptions): Promise<Server> {
  const server = createServer((connection) => connection.on('error', () => undefined).end(greetings[name]));
  server.listen(where);
  await once(server, 'listening');
  return server;
}

/** A list is worth something only where both doors lead where they should and nothing else leads anywhere. */
function listProved(report: z.infer<typeof Report>): SandboxCapabilities['network'] {
  const hasGateway = report.gateway === greetings.gateway;
  const hasList = hasGateway && report.proxy === greetings.proxy && report.machine !== greetings.machine;
  return ['deny', ...(hasGateway ? (['gateway'] as const) : []), ...(hasList ? (['allowlist'] as const) : [])];
}

/**
 * Keep memory that no process has mapped: in a file without a name, and in a segment that goes by a number. What is refused
 * to them they cannot keep.
 */
const keepMemory = [
  `my $name = "probe\\0"; my $block = "x" x 1048576; my @kept;
   for (1..6) {
     my $number = syscall($ARGV[0], $name, 0); exit 0 if $number < 0;
     open(my $file, ">&=", $number) or exit 0; push @kept, $file;
     syswrite($file, $block) or exit 0 for 1..50;
   }
   sleep 10; exit 1`,
  `my $id = shmget(0, 300 << 20, 0600 | 01000); exit 0 unless defined $id;
   shmwrite($id, "x" x 1048576, $_ << 20, 1 << 20) for 0..299; sleep 10; shmctl($id, 0, 0); exit 1`,
];

/** Whether a process that takes more memory than its sandbox may is ended for it, whichever way it keeps it. */
export async function isMemoryHeld(open: Open, stateFolder: string): Promise<boolean> {
  return await withFolders(stateFolder, async ({ workspace }) => {
    const spec = toProbeSpec(workspace);
    const sandbox = await open({ ...spec, limits: { ...probeLimits, memoryBytes: 64 * mebibyte } });
    try {
      const child = sandbox.spawn(['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=400M', 'count=1000000']);
      if (!isEndedForMemory(await child.end)) return false;
      for (const script of keepMemory) {
        const end = await sandbox.spawn(['perl', '-e', script, String(memfdCreate())]).end;
        // Where there is no Perl it is not tried.
        const isRefused = end.kind === 'exited' && [0, 127].includes(end.code);
        if (!isRefused && !isEndedForMemory(end)) return false;
      }
      return true;
    } finally {
      await sandbox.dispose();
    }
  });
}

const isEndedForMemory = (end: ProcessEnd) => end.kind === 'killed' && end.reason === 'memory';

const memfdCreate = () => systemCalls[process.arch]?.unseen.memfd_create ?? -1;

async function runInside(
  sandbox: Sandbox,
  at: { hostPath: string; ports: readonly number[] },
  name: string,
): Promise<z.infer<typeof Report>> {
  const script = await readFile(new URL('./probe-inside.mjs', import.meta.url), 'utf8');
  const args = [at.ports.join(), at.hostPath, String(pids)];
  const child = sandbox.spawn(['node', '--input-type=module', '-e', script, ...args]);
  child.stdin.end();
  const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), child.end]);
  if (end.kind === 'exited' && end.code === 0) return Report.parse(JSON.parse(stdout));
  const complaint = stderr.replace(/\s+/g, ' ').slice(0, 300);
  throw new SandboxRefused(name, `a sandbox started, but Node did not run in it (${end.kind}: ${complaint})`);
}

function refuseUnlessIsolated(report: z.infer<typeof Report>, { name, isOtherUser }: Claim): void {
  const broken = [
    isOtherUser || report.uid === insideUid ? undefined : 'processes run as another user than asked for',
    report.interfaces.every((name) => name === 'lo') ? undefined : 'the network of the host is visible inside',
    report.variables.every((variable) => variable in defaultEnvironment || ownVariables.includes(variable))
      ? undefined
      : 'the environment of the worker is visible inside',
    report.kernelSetting === 'done' ? 'settings of the kernel can be changed from inside' : undefined,
    report.workspace === 'done' ? undefined : `the workspace cannot be written (${report.workspace})`,
    report.seesHost ? 'files of the host are visible inside' : undefined,
  ].find((fault) => fault !== undefined);
  if (broken) throw new SandboxRefused(name, `${broken}: this host cannot run untrusted code`);
}

/** A sandbox in which something is tried at the start of a worker. */
export function toProbeSpec(
  path: string,
  network: SandboxSpec['network'] = { mode: 'deny' },
  access: SandboxSpec['workspace']['access'] = 'read-write',
): SandboxSpec {
  return {
    id: 'probe',
    workspace: { path, access },
    readOnly: [],
    env: {},
    network,
    limits: probeLimits,
  };
}

/** Sockets lie elsewhere: the path of a socket must be short, and that of a state folder may be long. */
async function withFolders<Result>(
  stateFolder: string,
  use: (place: { workspace: string; sockets: string }) => Promise<Result>,
): Promise<Result> {
  const workspace = await mkdtemp(join(stateFolder, 'probe-'));
  const sockets = await mkdtemp(join(tmpdir(), 'gatepilot-'));
  try {
    return await use({ workspace, sockets });
  } finally {
    await Promise.all([workspace, sockets].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
