// What a provider finds out once about its host and uses for every sandbox.
import { randomUUID } from 'node:crypto';
import { openSync } from 'node:fs';
import { chmod, lstat, mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SandboxRefused } from '../../engine/port/sandbox.ts';
import { readInheritedDescriptors } from './inherited-descriptors.ts';
import { inside, insideUid } from './inside.ts';
import { type Mount, readSystemMounts } from './mount.ts';
import { readText } from './process-facts.ts';
import { assembleSeccompProgram } from './seccomp-program.ts';
import type { SystemCalls } from './system-calls.ts';

export interface SandboxTools {
  readonly bwrap: string;
  readonly tini: string;
  readonly prlimit: string;
}

export interface Host {
  readonly bwrap: string;
  /** Inside paths. */
  readonly tini: string;
  readonly prlimit: string;
  /** Host paths; needed only when a root worker has to stage its mounts. */
  readonly stageTini: string;
  readonly setpriv: string;
  readonly systemMounts: readonly string[];
  /** Programs and settings of ours that every sandbox gets. */
  readonly mounts: readonly Mount[];
  readonly links: readonly { readonly path: string; readonly pointsTo: string }[];
  /** For a sandbox whose memory the kernel counts, and for one whose memory is looked at. */
  readonly seccompPrograms: { readonly counted: Buffer; readonly watched: Buffer };
  readonly maxOpenFiles: number;
  readonly inheritedDescriptors: readonly number[];
  /** An open /dev/null. */
  readonly nullDescriptor: number;
}

/** What programs look up in /etc, for a sandbox whose user has this number inside. Only what is the same everywhere. */
export function renderSettings(uid: number) {
  return {
    passwd: `agent:x:${uid}:${uid}:agent:${inside.home}:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n`,
    group: `agent:x:${uid}:\nnogroup:x:65534:\n`,
    hosts: '127.0.0.1 localhost\n::1 localhost\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  };
}

const openFilesWanted = 16_384;

export async function prepareHost(options: {
  readonly tools: SandboxTools;
  readonly nodePath: string;
  readonly stateFolder: string;
  readonly systemCalls: SystemCalls;
}): Promise<Host> {
  const [bwrap, tini, prlimit] = await Promise.all([
    resolveTool('bubblewrap', options.tools.bwrap),
    resolveTool('tini', options.tools.tini),
    resolveTool('prlimit', options.tools.prlimit),
  ]);
  const node = await locateNode(options.nodePath);
  const seen = [locateTool(tini, 'tini'), locateTool(prlimit, 'prlimit')] as const;
  return {
    bwrap,
    tini: seen[0].target,
    prlimit: seen[1].target,
    stageTini: tini,
    setpriv: await locateSetpriv(prlimit),
    systemMounts: await readSystemMounts(),
    mounts: [
      ...seen.filter(({ target, source }) => target !== source),
      ...node.mounts,
      ...(await writeRuntime(options.stateFolder)),
    ],
    links: node.links,
    seccompPrograms: {
      counted: assembleSeccompProgram(options.systemCalls, { isMemoryCounted: true }),
      watched: assembleSeccompProgram(options.systemCalls, { isMemoryCounted: false }),
    },
    maxOpenFiles: readMaxOpenFiles(),
    inheritedDescriptors: readInheritedDescriptors(),
    nullDescriptor: openSync('/dev/null', 'r+'),
  };
}

async function resolveTool(name: string, path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    throw new SandboxRefused('bubblewrap', `${name} is not at ${path}: install it`);
  }
}

/** Of the same package as prlimit, which somebody may have unpacked alone. */
async function locateSetpriv(prlimit: string): Promise<string> {
  const beside = join(dirname(prlimit), 'setpriv');
  return (await lstat(beside).catch(() => undefined)) ? beside : '/usr/bin/setpriv';
}

/** What lies in /usr is visible as it is. */
function locateTool(path: string, name: string): Mount {
  const target = path.startsWith('/usr/') ? path : `${inside.tools}/${name}`;
  return { source: path, target, access: 'read-only' };
}

/** The binary, and npm where the same distribution of Node brought it. */
export async function locateNode(nodePath: string): Promise<Pick<Host, 'mounts' | 'links'>> {
  const binary = await resolveTool('Node', nodePath);
  const mounts: Mount[] = [{ source: binary, target: `${inside.node}/bin/node`, access: 'read-only' }];
  const npm = join(dirname(dirname(binary)), 'lib/node_modules/npm');
  if (!(await lstat(join(npm, 'bin/npm-cli.js')).catch(() => undefined))) return { mounts, links: [] };
  mounts.push({ source: npm, target: `${inside.node}/lib/node_modules/npm`, access: 'read-only' });
  const links = ['npm', 'npx'].map((name) => ({
    path: `${inside.node}/bin/${name}`,
    pointsTo: `../lib/node_modules/npm/bin/${name}-cli.js`,
  }));
  return { mounts, links };
}

async function writeRuntime(stateFolder: string): Promise<Mount[]> {
  const settings = Object.entries(renderSettings(insideUid)).map(async ([name, content]): Promise<Mount> => {
    const source = await writeShared(stateFolder, name, content);
    return { source, target: `/etc/${name}`, access: 'read-only' };
  });
  return await Promise.all([...settings, writeRelay(stateFolder)]);
}

export async function writeRelay(stateFolder: string): Promise<Mount> {
  const content = await readFile(new URL('./relay.mjs', import.meta.url), 'utf8');
  return { source: await writeShared(stateFolder, 'relay.mjs', content), target: inside.relay, access: 'read-only' };
}

/** Returns the path of the file, which all sandboxes of the host share. */
async function writeShared(stateFolder: string, name: string, content: string): Promise<string> {
  const folder = join(stateFolder, 'runtime');
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  const path = join(folder, name);
  await replaceFile(path, content);
  return path;
}

/** By renaming: a sandbox of another worker that starts meanwhile sees the old file or the new one. */
async function replaceFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content);
  await chmod(draft, 0o644);
  await rename(draft, path);
}

/** A limit can be lowered by anybody and raised by nobody. */
export function readMaxOpenFiles(): number {
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(readText('/proc/self/limits') ?? '')?.[1];
  return Math.min(openFilesWanted, hard === undefined ? openFilesWanted : Number(hard));
}
