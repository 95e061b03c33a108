// For a root worker whose files lie where other users may not go (a checkout in /root): root makes a private view of
// the host in which they are mounted at a place that is open, becomes the sandbox's user, and starts bubblewrap there.
import { descriptor } from './descriptor.ts';
import type { Host } from './host.ts';
import type { Identity } from './identity-pool.ts';
import type { Mount } from './mount.ts';

/** Covered in the private view only; it exists on every Linux. */
const openFolder = '/run';

export interface Stage {
  /** For the outer bubblewrap, which runs as root and isolates nothing. */
  readonly options: readonly string[];
  /** The outer command, up to the arguments of the inner bubblewrap. */
  readonly args: readonly string[];
  /** The same mounts with sources that everybody reaches. */
  readonly mounts: readonly Mount[];
}

export function renderStage(host: Host, mounts: readonly Mount[], { uid, gid }: Identity): Stage {
  const staged = mounts.map((mount, index) => ({ ...mount, source: `${openFolder}/${index}` }));
  const bwrap = host.bwrap.startsWith('/usr/') ? host.bwrap : `${openFolder}/bwrap`;
  return {
    options: [
      ...['--dev-bind', '/', '/', '--die-with-parent', '--perms', '0755', '--tmpfs', openFolder],
      ...mounts.flatMap(({ source, access }, index) => [
        access === 'read-only' ? '--ro-bind' : '--bind',
        source,
        `${openFolder}/${index}`,
      ]),
      ...(bwrap === host.bwrap ? [] : ['--ro-bind', host.bwrap, bwrap]),
    ],
    args: [
      // The outer bubblewrap has given up root's power to kill other users' processes, so its death would not reach the
      // inner one. What stays between them has kept it: it dies with the outer one, and the inner one with it.
      ...['--args', String(descriptor.stage), '--', host.stageTini, '-s', '--', host.setpriv],
      ...['--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--inh-caps=-all', '--', bwrap],
    ],
    mounts: staged,
  };
}
