// gVisor: a kernel that is a program. What runs in a sandbox calls this one, which itself may call little of the host's.
// It starts within the namespaces of bubblewrap, so that the files, the empty network and the end of a sandbox are the
// same as there, and whoever gets out of its kernel is still in them.
import { inside, insideUid } from '../bubblewrap/inside.ts';
import type { Guest, KernelStart, OwnKernel } from '../bubblewrap/own-kernel.ts';

export const platforms = ['systrap', 'ptrace'] as const;
/** How it takes system calls from its programs. */
export type Platform = (typeof platforms)[number];

const mebibyte = 1024 * 1024;
/**
 * What the Open Container Initiative calls a bundle, and what runsc notes about it: in a temporary folder that nobody else
 * sees, and that programs see less than anybody, since they have one of their own in its place.
 */
const bundleFolder = `${inside.temporary}/gvisor`;
const program = `${inside.tools}/runsc`;

/** `runsc`: host path, resolved. */
export function createRunscKernel(runsc: string, platform: Platform): OwnKernel {
  return {
    name: 'gvisor',
    memoryBytes: 128 * mebibyte,
    mounts: [{ source: runsc, target: program, access: 'read-only' }],
    render: (guest) => render(guest, platform),
  };
}

function render(guest: Guest, platform: Platform): KernelStart {
  return {
    argv: [
      ...[program, '--root', `${bundleFolder}/state`, `--platform=${platform}`, '--rootless', '--ignore-cgroups'],
      // Sockets are opened where the view has one, which is the gateway's. Files go through a process of their own.
      ...['--network=none', '--host-uds=open', '--directfs=false', '--overlay2=none'],
      ...['run', '--bundle', bundleFolder, 'sandbox'],
    ],
    file: { path: `${bundleFolder}/config.json`, content: JSON.stringify(renderBundle(guest)) },
  };
}

function renderBundle({ argv, env, folder, shared, scratch }: Guest) {
  const id = String(insideUid);
  return {
    ociVersion: '1.0.0',
    process: {
      // Root there is the user of the sandbox. It has no privilege, and the programs get a name and number of their own.
      user: { uid: 0, gid: 0 },
      capabilities: {},
      noNewPrivileges: true,
      args: ['/usr/bin/unshare', '--user', `--map-user=${id}`, `--map-group=${id}`, '--', ...argv],
      env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      cwd: folder,
    },
    root: { path: '/', readonly: true },
    hostname: 'sandbox',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      ...scratch.map(({ path, mode, bytes }) => tmpfs(path, mode, bytes)),
      // Apart from the root, which nothing writes to, and of which it keeps what it has once read.
      ...shared.map(({ target, access }) => ({
        destination: target,
        type: 'bind',
        source: target,
        options: [access === 'read-only' ? 'ro' : 'rw'],
      })),
    ],
    linux: { namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })) },
  };
}

function tmpfs(destination: string, mode: string, bytes: number) {
  return { destination, type: 'tmpfs', source: 'tmpfs', options: [`mode=${mode}`, `size=${bytes}`] };
}
