// What the engines of containers differ in, as data. All else of their command line is the same.
import type { Identity } from '../bubblewrap/identity-pool.ts';

export const engineNames = ['podman', 'docker'] as const;
export type EngineName = (typeof engineNames)[number];

/** Who a container is on the host, and who that is inside. */
export interface Appearance {
  readonly insideUid: number;
  readonly options: readonly string[];
}

export interface Engine {
  readonly name: EngineName;
  /** Asks for more than a container has by default, or for less. */
  readonly options: readonly string[];
  /** Before the command, where the engine keeps everything in folders of ours; they are short, since sockets lie there. */
  readonly renderStore: ((folders: { readonly store: string; readonly run: string }) => readonly string[]) | undefined;
  /** Ways to say which runtime is meant, the usual one first. */
  readonly runtimes: readonly (readonly string[])[];
  /** `host`: who it is to be on the host; `isLeased`: that is somebody else than the worker. */
  readonly appear: (host: Identity, isLeased: boolean) => Appearance;
  /** Processes are counted for each container by the kernel's limit for a user, or by the engine's own. */
  readonly renderPids: (count: number) => readonly string[];
  /** The path where it writes the number of the first process, else it is asked. */
  readonly pidFile: ((path: string) => readonly string[]) | undefined;
  /** How it says that it failed itself, so that its exit code is not the command's. */
  readonly failure: RegExp;
  /** A folder of ours is the root, or only an image can be. */
  readonly takesFolder: boolean;
}

/** A user namespace for each container, in which there is one user: its root, who is nobody in particular on the host. */
const podman: Engine = {
  name: 'podman',
  options: ['--no-hosts', '--read-only-tmpfs=false'],
  renderStore: ({ store, run }) => [
    ...['--root', store, '--runroot', run, '--tmpdir', `${run}/tmp`, '--storage-driver', 'vfs'],
    ...['--cgroup-manager', 'cgroupfs', '--events-backend', 'none'],
  ],
  // Where control groups of both versions are mounted, its own choice refuses to start.
  runtimes: [[], ['--runtime', 'runc']],
  appear({ uid, gid }, isLeased) {
    const from = isLeased ? [uid, gid] : [0, 0];
    return { insideUid: 0, options: [`--uidmap=0:${from[0]}:1`, `--gidmap=0:${from[1]}:1`, '--user=0:0'] };
  },
  renderPids: (count) => [`--ulimit=nproc=${count}:${count}`],
  pidFile: (path) => ['--pidfile', path],
  failure: /^Error: |level=(?:error|fatal) /m,
  takesFolder: true,
};

/** Its daemon makes user namespaces for all containers or for none. So they are a user of the host, without any right. */
const docker: Engine = {
  name: 'docker',
  options: [],
  renderStore: undefined,
  runtimes: [[]],
  appear: ({ uid, gid }) => ({ insideUid: uid, options: [`--user=${uid}:${gid}`] }),
  renderPids: (count) => [`--pids-limit=${count}`],
  pidFile: undefined,
  failure: /^docker: |Error response from daemon|Cannot connect to the Docker daemon|level=(?:error|fatal) /m,
  takesFolder: false,
};

export const engines: Readonly<Record<EngineName, Engine>> = { podman, docker };
