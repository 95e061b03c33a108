// Where a toolchain's defaults are played as a run plays them: its dependencies are set up from the base branch through the egress
// proxy, and commands find them in a sandbox without network. Only the registries are the test's.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type { VerifyReport } from '../../src/core/model/result.ts';
import type { Repository } from '../../src/core/model/subject.ts';
import { startEgress } from '../../src/egress/start-egress.ts';
import { openPlace } from '../../src/engine/open-place.ts';
import type { SandboxProvider, SandboxSpec } from '../../src/engine/port/sandbox.ts';
import { removeTree } from '../../src/engine/remove-tree.ts';
import { runVerify } from '../../src/engine/run-verify.ts';
import { openWorkPlace } from '../../src/engine/work-place.ts';
import type { SandboxPlace, WorkPorts } from '../../src/engine/work-ports.ts';
import { createLayers } from '../../src/layer/create-layers.ts';
import { systemClock } from '../../src/process/system-clock.ts';
import { createBubblewrapProvider } from '../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { dependencyPath } from '../../src/sandbox/bubblewrap/inside.ts';
import { runProcess } from '../../src/subprocess/run-process.ts';
import { openOutside, publicAddress } from '../egress/support/outside.ts';
import { credentials } from '../git/support/http-remote.ts';
import { openScene } from '../git/support/scene.ts';
import { readMachineTools } from '../prerequisite/machine-tools.ts';
import { quiet } from '../support/quiet.ts';
import { toolchainFolder } from './registries.ts';

export interface Workshop {
  /** Of whoever stands for the registries. */
  readonly cert: string;
  /** Sets up a project whose base branch has these files, and runs commands on it. */
  play(project: Project): Promise<Played>;
  /** Whether all of that was brought, and this command succeeds in a sandbox that has the first of it. */
  has(brought: readonly string[], command: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface Project {
  /** What of `.cache/toolchains` stands beside the programs of the machine. */
  readonly toolchain?: string | undefined;
  readonly files: Readonly<Record<string, string>>;
  readonly verify: readonly string[];
}

export interface Played {
  readonly place: SandboxPlace;
  readonly report: VerifyReport;
}

const toolchainInside = '/opt/toolchain';
const toolPath = `${dependencyPath}:${toolchainInside}/bin:${toolchainInside}/node_modules/.bin`;
/** Where programs that bring no list of their own look for whom to trust. */
const trusted = '/etc/ssl/certs/ca-certificates.crt';

export async function openWorkshop(hosts: readonly string[], onRequest: RequestListener): Promise<Workshop> {
  const scene = await openScene();
  await chmod(scene.folder, 0o711);
  await scene.commit('main', { 'README.md': 'Of nobody.\n' });
  const outside = await openOutside({
    names: Object.fromEntries(hosts.map((host) => [host, [publicAddress]])),
    onRequest,
  });
  const folder = (name: string) => join(scene.folder, name);
  for (const name of ['egress', 'layers']) await mkdir(folder(name), { mode: 0o711 });
  await writeFile(folder('ca.pem'), outside.cert, { mode: 0o644 });
  const permit = { allow: ['*'], deny: [] };
  const egress = await startEgress({ folder: folder('egress'), outside, permit });
  const { bubblewrap: tools } = await readMachineTools('bubblewrap');
  const provider = await createBubblewrapProvider({
    ...{ tools, stateFolder: folder('sandbox-state'), nodePath: process.execPath },
  });
  const withToolchain = (name: string | undefined): SandboxProvider => ({
    capabilities: provider.capabilities,
    create: (spec) => provider.create(addToolchain(spec, { name, cert: folder('ca.pem') })),
  });
  const repository = { host: 'example.com', id: 7 } as Repository;
  const toPorts = (toolchain: string | undefined) =>
    ({
      git: scene.git,
      github: { toGitUrl: () => scene.repository.url, createGitToken: async () => credentials },
      artifacts: { putText: async () => 'log' },
      sandboxes: withToolchain(toolchain),
      egress,
      layers: createLayers({
        ...{
          folder: folder('layers'),
          bytesAtMost: 4_000_000_000,
          clock: systemClock,
          log: quiet,
          runProcess,
          removeTree,
        },
      }),
      clock: systemClock,
      log: quiet,
      hash: (text: string) => createHash('sha256').update(text).digest('hex'),
      openWorkPlace: (name: string) => openWorkPlace(folder('work'), name),
      options: { outputBytes: 1_000_000, network: permit },
    }) as unknown as WorkPorts;
  let branches = 0;
  return {
    cert: outside.cert,
    async play({ toolchain, files, verify }) {
      const ports = toPorts(toolchain);
      const { signal } = new AbortController();
      branches += 1;
      const branch = `project-${branches}`;
      const sha = await scene.commit(branch, files);
      const place = await openPlace(ports, {
        policy: { sandbox: usualLimits, setup: { commands: [], timeoutMs: 300_000, network: [] } },
        ...{ repository, base: { branch, sha }, signal },
      });
      if (!place) throw new Error('nothing ended it');
      const report = await runVerify(ports, {
        ...{ id: branch, repository: scene.repository, commit: sha, commands: verify },
        ...{ timeoutMs: 300_000, place, signal },
      });
      if (!report) throw new Error('nothing ended it');
      return { place, report };
    },
    async has(brought, command) {
      if (!brought.every((name) => existsSync(join(toolchainFolder, name)))) return false;
      const workspace = await mkdtemp(folder('probe-'));
      const sandbox = await withToolchain(brought[0]).create({
        ...{ id: 'probe', workspace: { path: workspace, access: 'read-write' }, readOnly: [], env: {} },
        ...{ network: { mode: 'deny' }, limits: probeLimits },
      });
      const child = sandbox.spawn(['sh', '-c', command]);
      child.stdin.end();
      const end = await child.end;
      await sandbox.dispose();
      return end.kind === 'exited' && end.code === 0;
    },
    async close() {
      await egress.stop();
      outside.stop();
      await scene.close();
    },
  };
}

/** As the settings have them by default. */
const usualLimits = { provider: undefined, memoryMb: 4_096, diskMb: 8_192, processes: 512, cpuMinutes: 60 };
const mebibyte = 1024 * 1024;
const probeLimits = {
  ...{
    memoryBytes: 1_024 * mebibyte,
    diskBytes: 1_024 * mebibyte,
    pids: 128,
    cpuSeconds: 60,
    outputBytes: mebibyte,
    wallMs: 60_000,
  },
};

function addToolchain(spec: SandboxSpec, { name, cert }: { name: string | undefined; cert: string }): SandboxSpec {
  const own = name === undefined ? [] : [{ source: join(toolchainFolder, name), target: toolchainInside }];
  return {
    ...spec,
    readOnly: [...spec.readOnly, ...own, { source: cert, target: trusted }],
    env: { ...spec.env, PATH: toolPath, NODE_EXTRA_CA_CERTS: trusted },
  };
}
