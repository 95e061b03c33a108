import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Need, Tools } from '../../src/prerequisite/prerequisite.ts';
import { createLocalRepository, type LocalPackage, type LocalRepository } from './local-repository.ts';
import { type MachinePackages, readMachinePackages } from './machine-package.ts';
import { type EnsureRun, ensureAs, identityOf, idOf, prepareReadableCopy, type User } from './run-as.ts';

let base = '';
let machine: MachinePackages;
let packages: readonly LocalPackage[] = [];
beforeAll(async () => {
  // Short, because sockets live in it.
  base = mkdtempSync('/tmp/prerequisite-');
  prepareReadableCopy(base);
  machine = await readMachinePackages(base);
  ({ packages } = machine);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('on a machine without the programs', () => {
  test('an unprivileged user gets them unpacked into the cache, and they run', async () => {
    const scene = prepareScene('unpack', 'unprivileged', { packages, hasLists: true });
    const first = scene.ensure();

    expect(first.lines).toEqual([expect.stringMatching(/^Unpacking redis-tools, util-linux, bubblewrap, tini into /)]);
    const tools = readyTools(first);
    expect(tools.redis?.server).toBe(join(scene.cache, 'tool/redis-tools/bin/redis-server'));
    runTrueInSandbox(tools, 'unprivileged');
    expect(await pingServer(scene.cache, tools, 'unprivileged')).toMatchObject({ reply: 'PONG' });
    expect(readFileSync(join(scene.cache, 'prerequisite.log'), 'utf8')).toContain('$ apt-get download redis-tools');

    const second = scene.ensure();
    expect(second.lines).toEqual([]);
    expect(second.result).toEqual(first.result);
  });

  test('a sandbox starts with what was brought to a folder that its own /dev covers', () => {
    const cache = mkdtempSync('/dev/shm/prerequisite-');
    try {
      const scene = prepareScene('covered', 'unprivileged', { packages, hasLists: true, cache, needs: ['bubblewrap'] });
      expect(readyTools(scene.ensure()).bubblewrap?.bwrap).toBe(join(cache, 'tool/bubblewrap/bin/bwrap'));
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  });

  test('package lists that the user lacks are fetched into the cache', () => {
    const scene = prepareScene('lists', 'unprivileged', { packages, hasLists: false });
    expect(readyTools(scene.ensure()).bubblewrap?.bwrap).toBe(join(scene.cache, 'tool/bubblewrap/bin/bwrap'));
  });

  test('shared libraries that the machine lacks are unpacked and used', async () => {
    const { files, libraries } = machine.redis;
    const needed = libraries.length > 0 ? libraries : [readLibraryOf(files[0]?.source ?? '')];
    const scene = prepareScene('library', 'unprivileged', {
      packages: [
        { name: 'redis-tools', files, depends: 'libraries-of-redis' },
        {
          name: 'libraries-of-redis',
          files: needed.map((source) => ({ source, folder: 'usr/lib/any-linux-gnu' })),
        },
        ...packages.slice(1),
      ],
      hasLists: true,
    });
    const tools = readyTools(scene.ensure());
    const server = await pingServer(scene.cache, tools, 'unprivileged');
    expect(server.reply).toBe('PONG');
    expect(server.maps).toContain(join(scene.cache, 'tool/redis-tools/root/usr/lib/any-linux-gnu'));
  });

  test('root gets them installed, and only the name redis-server comes from the cache', async () => {
    const scene = prepareScene('install', 'root', { packages, hasLists: false, needs: ['redis'] });
    const run = scene.ensure();

    expect(run.lines).toEqual([expect.stringMatching(/^Installing redis-tools, util-linux with apt-get/)]);
    const tools = readyTools(run);
    expect(tools.redis?.flock).toBe(join(scene.repository.installedBin, 'flock'));
    expect(tools.redis?.server).toBe(join(scene.cache, 'tool/redis-tools/bin/redis-server'));
    expect(await pingServer(scene.cache, tools, 'root')).toMatchObject({ reply: 'PONG' });
    expect(scene.ensure()).toEqual({ lines: [], result: run.result });
  });

  test('root that cannot become another user is told to be an ordinary one', () => {
    const scene = prepareScene('lone', 'lone root', { packages, hasLists: true, needs: ['bubblewrap'] });
    expect(scene.ensure().result).toEqual({
      kind: 'missing',
      problems: [
        {
          what: 'Sandboxes run as users of their own, and root cannot become another user here: spawn EINVAL.',
          mend: 'Start this as an ordinary user, or map more than one user into this container.',
        },
      ],
    });
  });

  test('what no repository has is named with the reason, the log and one command', () => {
    const scene = prepareScene('nothing', 'unprivileged', { packages: packages.slice(1), hasLists: true });
    const { result } = scene.ensure();
    expect(result).toEqual({
      kind: 'missing',
      problems: [
        {
          what: `redis-server 6.2 or newer is not on this machine, and bringing it failed: E: Unable to locate package redis-tools (see ${scene.cache}/prerequisite.log).`,
          mend: 'Run "sudo apt-get update && sudo apt-get install -y redis-server", or set REDIS_URL to a Redis or Valkey server of yours.',
        },
      ],
    });
    expect(existsSync(join(scene.cache, 'tool/redis-tools'))).toBe(false);
  });

  test('a damaged copy in the cache is replaced', () => {
    const scene = prepareScene('damaged', 'unprivileged', { packages, hasLists: true });
    const tools = readyTools(scene.ensure());
    rmSync(join(scene.cache, 'tool/tini/root'), { recursive: true });
    const again = scene.ensure();
    expect(again.lines).toEqual([expect.stringMatching(/^Unpacking tini into /)]);
    expect(readyTools(again)).toEqual(tools);
  });
});

function prepareScene(
  name: string,
  user: User,
  options: { packages: readonly LocalPackage[]; hasLists: boolean; needs?: readonly Need[]; cache?: string },
) {
  const folder = join(base, name);
  const { cache = join(folder, 'cache-folder') } = options;
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const repository: LocalRepository = createLocalRepository(folder, options.packages, options);
  execFileSync('/usr/bin/chmod', ['-R', 'a+rX', folder]);
  chownSync(cache, idOf(user), idOf(user));
  const ensure = (): EnsureRun =>
    ensureAs(user, base, {
      needs: options.needs ?? ['redis', 'bubblewrap'],
      cacheFolder: cache,
      environment: { PATH: `${repository.installedBin}:${folder}/empty`, APT_CONFIG: repository.aptConfig },
    });
  return { ensure, cache, repository };
}

function readyTools(run: EnsureRun): Tools {
  if (run.result.kind !== 'ready') throw new Error(JSON.stringify(run.result));
  return run.result.tools;
}

/** Throws when one of the three does not do its part. */
function runTrueInSandbox(tools: Tools, user: User): void {
  const { bwrap = '', tini = '', prlimit = '' } = tools.bubblewrap ?? {};
  const inside = [tini, '-s', '--', prlimit, '--core=0', '/bin/true'];
  execFileSync(bwrap, ['--unshare-user', '--ro-bind', '/', '/', '--', ...inside], { env: {}, ...identityOf(user) });
}

/** Starts the found server, asks it for a PONG and which files it has mapped, and stops it. */
async function pingServer(folder: string, tools: Tools, user: User): Promise<{ reply: string; maps: string }> {
  const socket = join(folder, 'ping.sock');
  const args = ['--port', '0', '--unixsocket', socket, '--unixsocketperm', '700', '--save', ''];
  const server = spawn(tools.redis?.server ?? '', args, {
    cwd: folder,
    env: {},
    stdio: 'ignore',
    ...identityOf(user),
  });
  const client = new Redis(socket, { retryStrategy: () => 20, maxRetriesPerRequest: 200 });
  client.on('error', () => undefined);
  try {
    const reply = await client.ping();
    return { reply, maps: readFileSync(`/proc/${server.pid}/maps`, 'utf8') };
  } finally {
    client.disconnect();
    server.kill();
    await once(server, 'exit');
  }
}

/** A library that the program is linked to and that a package could hold. */
function readLibraryOf(program: string): string {
  const maps = execFileSync('/usr/bin/ldd', [program], { encoding: 'utf8' });
  const path = /=> (\S*(?:liblzf|libjemalloc|libatomic|libssl|libm)\.so\S*)/.exec(maps)?.[1];
  if (path === undefined) throw new Error(`${program} is linked to no library that could be packed`);
  return path;
}
