// What there is to reach: files, processes, services and settings of a worker and its machine. All of it holds the secret.
import { type ChildProcess, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createRawServer, type ListenOptions } from 'node:net';
import { dirname, join } from 'node:path';
import { giveTo, ordinaryUid, startAs, type User } from '../support/subject.ts';

/** Of hosts on the internet, and one that is this machine's own. */
export const publicAddresses = { listed: '1.2.3.4', unlisted: '5.6.7.8', own: '9.8.7.6' } as const;

export interface World {
  readonly secret: string;
  /** Belongs to the worker: its home, data, sockets and the workspaces of others. */
  readonly folder: string;
  readonly home: string;
  readonly other: string;
  readonly dockerSocket: string;
  readonly otherGateway: string;
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Of the attempt that is played, and the token of another one. */
  readonly grant: () => { readonly token: string; readonly socket: string };
  readonly otherToken: () => string;
  /** The egress proxy of the attempt that is played, and that of another one, whose list is another. */
  readonly egress: () => { readonly socket: string };
  readonly otherEgress: () => { readonly socket: string };
  /** A process of the worker beside the one that starts sandboxes. */
  readonly decoy: () => number;
  readonly isDecoyAlive: () => boolean;
  readonly restoreDecoy: () => void;
  /** The process that starts sandboxes, the folder of its provider and the workspace. */
  readonly worker: number;
  readonly stateFolder: string;
  readonly workspace: string;
}

export type Surroundings = Omit<
  World,
  'worker' | 'stateFolder' | 'workspace' | 'grant' | 'otherToken' | 'egress' | 'otherEgress'
> & {
  readonly openFile: string;
  close(): void;
};

const tcpPort = 6_379;
const udpPort = 5_353;

/** Once for the machine: addresses and settings that all of it shares. */
export function equipMachine(): void {
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'pipe' });
  run('ip', 'link', 'set', 'lo', 'up');
  const addresses = ['169.254.169.254', '10.20.30.40', ...Object.values(publicAddresses)];
  for (const address of addresses) run('ip', 'addr', 'add', `${address}/32`, 'dev', 'lo');
  run('mount', '-t', 'tmpfs', '-o', 'mode=1777,size=512m', 'shm', '/dev/shm');
  // Where engines of containers note what runs; there is nothing else of this machine's.
  run('mount', '-t', 'tmpfs', '-o', 'mode=0755,size=64m', 'run', '/run');
  mkdirSync('/mnt/disk/tmp', { mode: 0o1777 });
  chmodSync('/mnt/disk/tmp', 0o1777);
}

/** For the worker that is this user. */
export async function openSurroundings(user: User): Promise<Surroundings> {
  const secret = `SECRET-${randomBytes(9).toString('hex')}`;
  const folder = join('/mnt/disk', user === 'root' ? 'root' : 'user');
  const paths = { home: join(folder, 'home'), other: join(folder, 'work/other'), sockets: join(folder, 'sockets') };
  for (const path of [...Object.values(paths), join(folder, 'program')]) mkdirSync(path, { recursive: true });
  const files = ['.ssh/id_ed25519', '.npmrc', '.netrc', '.config/gh/hosts.yml', '.gitconfig', '.env'];
  for (const name of files) write(join(paths.home, name), secret);
  write(join(paths.other, 'task.txt'), secret);
  write(join(folder, 'mirror/objects/pack'), secret);
  write('/dev/shm/worker', secret);
  write('/mnt/disk/tmp/worker', secret);
  nameMachine(secret);

  const servers = await serve(secret, paths.sockets);
  for (const path of [folder, '/dev/shm/worker', '/mnt/disk/tmp/worker']) await giveTo(user, path);
  let decoy = startDecoy(secret, user);
  await makeMemorySegment(secret, user);
  return {
    secret,
    folder,
    ...paths,
    dockerSocket: join(paths.sockets, 'docker.sock'),
    otherGateway: join(paths.sockets, 'other.sock'),
    tcpPort,
    udpPort,
    openFile: join(paths.home, '.env'),
    decoy: () => decoy.pid ?? 0,
    isDecoyAlive: () => decoy.exitCode === null && decoy.signalCode === null,
    restoreDecoy: () => {
      if (decoy.exitCode !== null || decoy.signalCode !== null) decoy = startDecoy(secret, user);
    },
    close: () => {
      decoy.kill('SIGKILL');
      for (const server of servers) server.close();
      execFileSync('ipcrm', ['--all=shm'], { stdio: 'pipe' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${content}\n`);
}

/** The name of the machine, and a setting in /etc, over a file that every system has. */
function nameMachine(secret: string): void {
  execFileSync('hostname', [secret.toLowerCase()]);
  write(
    '/mnt/disk/etc/passwd',
    `root:x:0:0:${secret}:/root:/bin/sh\nworker:x:${ordinaryUid}:${ordinaryUid}::/:/bin/sh`,
  );
  execFileSync('mount', ['--bind', '/mnt/disk/etc/passwd', '/etc/passwd']);
}

/** Its environment and its memory hold the secret. */
function startDecoy(secret: string, user: User): ChildProcess {
  const script = 'process.title = "decoy"; const kept = process.env.WORKER_SECRET; setInterval(() => kept, 1000)';
  return startAs(user, [process.execPath, '-e', script], { env: { WORKER_SECRET: secret }, stdio: 'ignore', cwd: '/' });
}

/** Of System V, with a key that everybody knows. */
async function makeMemorySegment(secret: string, user: User): Promise<void> {
  const script = `$id = shmget(4711, 4096, 01666) // die; shmwrite($id, "${secret}", 0, 64) or die`;
  const [code] = await once(startAs(user, ['perl', '-e', script], { env: {}, stdio: 'inherit' }), 'exit');
  if (code !== 0) throw new Error('the machine has no shared memory of System V');
}

interface Closable {
  close(): unknown;
}

async function serve(secret: string, sockets: string): Promise<Closable[]> {
  const raw = async (where: ListenOptions): Promise<Closable> => {
    const server = createRawServer((connection) => connection.on('error', () => undefined).end(`${secret}\n`));
    server.listen(where);
    await once(server, 'listening');
    return server;
  };
  const web = async (where: ListenOptions): Promise<Closable> => {
    const server = createServer((_request, response) => response.end(`${secret}\n`));
    server.listen(where);
    await once(server, 'listening');
    return server;
  };
  const udp = createSocket('udp4', (_message, { port, address }) => udp.send(secret, port, address));
  udp.bind(udpPort, '127.0.0.53');
  await once(udp, 'listening');
  return [
    udp,
    ...(await Promise.all([
      raw({ host: '127.0.0.1', port: tcpPort }),
      raw({ host: '::1', port: tcpPort }),
      web({ host: '169.254.169.254', port: 80 }),
      web({ host: '10.20.30.40', port: 80 }),
      raw({ path: '\0worker' }),
      raw({ path: join(sockets, 'docker.sock') }),
      raw({ path: join(sockets, 'other.sock') }),
    ])),
  ];
}
