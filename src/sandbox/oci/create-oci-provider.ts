// Sandboxes as containers, by an engine that the operator runs. Every process tree is a container of its own.
import { access, chmod, constants, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogPort } from '../../engine/port/log.ts';
import {
  type Sandbox,
  type SandboxCapabilities,
  type SandboxProvider,
  SandboxRefused,
  type SandboxSpec,
} from '../../engine/port/sandbox.ts';
import { type RunProcess, runProcess } from '../../subprocess/run-process.ts';
import { createRunTool, type RunTool } from '../../subprocess/run-tool.ts';
import { checkSpec } from '../bubblewrap/check-spec.ts';
import { findClosedFolder } from '../bubblewrap/closed-folder.ts';
import { descriptor } from '../bubblewrap/descriptor.ts';
import { findGatewayPort, listDoors } from '../bubblewrap/doors.ts';
import { locateNode, readMaxOpenFiles, renderSettings, writeRelay } from '../bubblewrap/host.ts';
import { type Identity, IdentityPool } from '../bubblewrap/identity-pool.ts';
import { defaultEnvironment, dependencyPath, inside } from '../bubblewrap/inside.ts';
import { relayAllowance, relayArgv, renderRelayInput } from '../bubblewrap/launch.ts';
import { detectLimitLevels } from '../bubblewrap/limit/detect-limit-levels.ts';
import type { LimitLevel } from '../bubblewrap/limit/limit-level.ts';
import { type Mount, sharedSettings } from '../bubblewrap/mount.ts';
import {
  listDependencies,
  listWritable,
  resolveReadOnly,
  resolveSocket,
  resolveWorkspace,
} from '../bubblewrap/plan-launch.ts';
import { proveLevel } from '../bubblewrap/prove-level.ts';
import { systemCalls } from '../bubblewrap/system-calls.ts';
import type { UidRange } from '../bubblewrap/user-claim.ts';
import { refuseUnmet } from '../refuse-unmet.ts';
import { WatchedSandbox } from '../watched-sandbox.ts';
import { type EngineName, engines } from './engine.ts';
import type { EngineClient } from './engine-client.ts';
import { firstUsers } from './first-users.ts';
import { importRoot } from './import-root.ts';
import { refuseWithoutPrograms } from './needed-programs.ts';
import { OciProcess } from './oci-process.ts';
import { nameOwned } from './owner.ts';
import { reapOrphans } from './reap-orphans.ts';
import type { ContainerPlan } from './render-run.ts';
import { type Link, makeRootFolder, readProgramLinks, readSystemFolders } from './root-folder.ts';
import { openRunFolder } from './run-folder.ts';
import { renderSeccompProfile } from './seccomp-profile.ts';
import { renderStartScript } from './start-script.ts';

export interface OciOptions {
  readonly engine: EngineName;
  /** Host path of the engine's program. */
  readonly program: string;
  /** On this host already; by default the programs of the host are mounted read-only and there is no image. */
  readonly image?: string | undefined;
  /** Absolute; created when it is missing. */
  readonly stateFolder: string;
  /** The Node binary that is `node` inside. */
  readonly nodePath: string;
  /** What the engine's program may know of the worker's environment, to find its daemon and its images. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Users that belong to nobody on this host. Used by a root worker only. */
  readonly uidRange?: UidRange;
  readonly runProcess?: RunProcess;
  readonly logger?: LogPort;
}

/** What an engine would otherwise copy from the host. */
const ownOfEngines = { 'resolv.conf': '', hostname: 'sandbox\n' };

/** Others than those of bubblewrap, which a worker may offer beside. */
const defaultUidRange: UidRange = { first: 59_000, count: 64 };
const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Throws SandboxRefused, with what is missing and the mend, when this host runs no such containers. */
export async function createOciProvider(options: OciOptions): Promise<SandboxProvider> {
  const engine = engines[options.engine];
  await access(options.program, constants.X_OK).catch(() => {
    throw new SandboxRefused('oci', `there is no program ${options.program}: install ${engine.name}`);
  });
  let refusal: unknown;
  for (const runtime of engine.runtimes) {
    try {
      return await openProvider(options, runtime);
    } catch (error) {
      if (!(error instanceof SandboxRefused)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

interface Context {
  readonly client: EngineClient;
  readonly identities: IdentityPool;
  readonly runTool: RunTool;
  readonly image: string | undefined;
  readonly mounts: readonly Mount[];
  readonly links: readonly Link[];
  readonly seccompProfile: string;
  /** A folder for each sandbox and each process, by whom they belong to. */
  readonly folders: string;
}

async function openProvider(options: OciOptions, runtime: readonly string[]): Promise<SandboxProvider> {
  const isRoot = process.getuid?.() === 0;
  const run = options.runProcess ?? runProcess;
  const runTool = createRunTool(run);
  await mkdir(options.stateFolder, { recursive: true });
  const runFolder = await openRunFolder(options.stateFolder);
  const equipment = await equip(options, runFolder);
  const client = await openClient(options, { runtime, run, runFolder });
  const context: Context = {
    ...equipment,
    image:
      options.image ?? (client.engine.takesFolder ? undefined : await importRoot(client, { ...equipment, runTool })),
    client,
    identities: new IdentityPool(isRoot ? firstUsers(options.uidRange ?? defaultUidRange) : undefined, runTool),
    runTool,
  };
  const reaped = await reapOrphans(context.client, context.folders);
  if (reaped > 0) options.logger?.warn({ containers: reaped }, 'containers of a worker that died were removed');
  const place = options.image === undefined ? 'this host' : `the image ${options.image}`;
  const { level, memory, pids, network } = await proveLevel({
    stateFolder: options.stateFolder,
    claim: { name: 'oci', isOpen: false, isOtherUser: true },
    levels: await detectLimitLevels(),
    open: (level, spec) => openSandbox(context, level, spec),
    refuseUnusable: (open) => refuseWithoutPrograms(open, { stateFolder: options.stateFolder, place }),
    explain: (complaint) => complaint,
    logger: options.logger,
  });
  const capabilities: SandboxCapabilities = {
    provider: 'oci',
    isolation: 'container',
    network,
    limits: { memory, pids, cpu: 'soft', disk: 'soft', wall: 'soft', output: 'hard' },
    identity: isRoot ? 'uid-per-sandbox' : 'user-namespace',
  };
  options.logger?.info({ ...capabilities, engine: options.engine, limitLevel: level.kind }, 'sandboxes are ready');
  return {
    capabilities,
    async create(spec) {
      checkSpec(spec);
      refuseUnmet(capabilities, spec);
      return await openSandbox(context, level, spec);
    },
  };
}

async function openClient(
  options: OciOptions,
  { runtime, run, runFolder }: { runtime: readonly string[]; run: RunProcess; runFolder: string },
): Promise<EngineClient> {
  const engine = engines[options.engine];
  const store = join(options.stateFolder, 'store');
  const folders = { store, run: join(runFolder, 'engine') };
  await mkdir(folders.run, { recursive: true, mode: 0o700 });
  // Images are where the operator put them.
  const ownStore = options.image === undefined ? engine.renderStore?.(folders) : undefined;
  // By the user's name a runtime tells whether root of a user namespace may use control groups: it may not.
  const home = ownStore ? { HOME: runFolder, XDG_RUNTIME_DIR: folders.run, USER: 'gatepilot' } : {};
  return {
    engine,
    program: options.program,
    options: [...(ownStore ?? []), ...runtime],
    env: { PATH: searchPath, ...home, ...(ownStore ? {} : options.environment) },
    runProcess: run,
  };
}

async function equip(
  options: OciOptions,
  runFolder: string,
): Promise<Omit<Context, 'client' | 'identities' | 'runTool' | 'image'>> {
  const calls = systemCalls[process.arch];
  if (process.platform !== 'linux' || !calls) {
    throw new SandboxRefused('oci', `it runs on Linux with x64 or arm64, not on ${process.platform} ${process.arch}`);
  }
  const folders = join(runFolder, 'sandbox');
  await mkdir(folders, { recursive: true, mode: 0o711 });
  const seccompProfile = join(options.stateFolder, 'seccomp.json');
  await writeFile(seccompProfile, renderSeccompProfile(calls, process.arch));
  const node = await locateNode(options.nodePath);
  const relay = await writeRelay(options.stateFolder);
  const isImage = options.image !== undefined;
  return {
    seccompProfile,
    folders,
    mounts: [...(isImage ? [] : await readSystemFolders(sharedSettings)), ...node.mounts, relay],
    links: [...(isImage ? [] : await readProgramLinks()), ...node.links],
  };
}

async function openSandbox(context: Context, level: LimitLevel, spec: SandboxSpec): Promise<Sandbox> {
  const { client, identities, runTool, folders } = context;
  const path = await resolveWorkspace(spec.workspace.path);
  const lease = await identities.acquire(path, listWritable(spec));
  const own = join(folders, nameOwned());
  const remove = () => rm(own, { recursive: true, force: true });
  try {
    await mkdir(own, { mode: 0o711 });
    const plan = await planContainer(context, { ...spec, workspace: { ...spec.workspace, path } }, lease.identity, own);
    const relayBytes = plan.hasRelay ? relayAllowance.memoryBytes : 0;
    const group = await level.open(spec.limits.memoryBytes + relayBytes);
    const { identity } = lease;
    const doors = listDoors(spec.network);
    return new WatchedSandbox({
      id: spec.id,
      gatewayPort: findGatewayPort(doors),
      folders: [path, ...listWritable(spec)],
      diskBytes: spec.limits.diskBytes,
      cpuSeconds: spec.limits.cpuSeconds,
      ...{ lease, level, group, runTool, remove },
      launch(command) {
        const found = spec.dependencies ? { PATH: dependencyPath } : {};
        const env = { ...defaultEnvironment, ...found, ...spec.env, ...command.env, PWD: command.folder };
        const isRelayed = doors.length > 0;
        const first = isRelayed ? { ...command, env: { ...defaultEnvironment }, argv: relayArgv } : { ...command, env };
        const renderScript = (mark: string) =>
          renderStartScript(mark, first, isRelayed ? descriptor.command : undefined);
        // What makes no sense is said at once, and not by the end of a process.
        renderScript('');
        return () =>
          new OciProcess({
            ...{ client, plan, group, identity, folders, runTool, renderScript },
            folder: command.folder,
            relayInput: isRelayed ? renderRelayInput(doors, { ...command, env }) : undefined,
          });
      },
    });
  } catch (error) {
    await Promise.all([lease.release(), remove()]);
    throw error;
  }
}

async function planContainer(
  context: Context,
  spec: SandboxSpec,
  identity: Identity | undefined,
  own: string,
): Promise<ContainerPlan> {
  const { client, image, links, seccompProfile } = context;
  const readOnly = await Promise.all(spec.readOnly.map(resolveReadOnly));
  const sockets = await Promise.all(listDoors(spec.network).map((door) => resolveSocket(door, identity)));
  const host = identity ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const appearance = client.engine.appear(host, identity !== undefined);
  const workspace: Mount = { source: spec.workspace.path, target: inside.workspace, access: spec.workspace.access };
  const mounts = [
    ...context.mounts,
    ...(await writeSettings(own, appearance.insideUid)),
    ...readOnly,
    ...(await listDependencies(spec.dependencies)),
    ...sockets,
    workspace,
  ];
  const root = image === undefined ? await makeRoot(join(own, 'root'), { mounts, links, owner: identity }) : image;
  return {
    engine: client.engine,
    appearance,
    mounts,
    root: { kind: image === undefined ? 'folder' : 'image', name: root },
    seccompProfile,
    maxOpenFiles: readMaxOpenFiles(),
    limits: spec.limits,
    hasRelay: sockets.length > 0,
  };
}

async function makeRoot(folder: string, contents: Parameters<typeof makeRootFolder>[1]): Promise<string> {
  await makeRootFolder(folder, contents);
  const closed = contents.owner && (await findClosedFolder(folder, contents.owner));
  if (closed) throw new SandboxRefused('oci', `${closed} may be passed by its owner only, and containers start there`);
  return folder;
}

async function writeSettings(own: string, uid: number): Promise<Mount[]> {
  return await Promise.all(
    Object.entries({ ...renderSettings(uid), ...ownOfEngines }).map(async ([name, content]): Promise<Mount> => {
      const source = join(own, name);
      await writeFile(source, content);
      await chmod(source, 0o644);
      return { source, target: `/etc/${name}`, access: 'read-only' };
    }),
  );
}
