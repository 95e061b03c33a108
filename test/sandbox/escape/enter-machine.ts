// Attempts without a sandbox do what they attempt. So they are played on a machine of their own, made of namespaces of the
// kernel, and never as the real root: a careless one would mount, kill and delete on the machine that this is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { ProviderName, ProviderTools } from '../support/open-provider.ts';
import type { User } from '../support/subject.ts';

const checkout = resolve(import.meta.dirname, '../../..');
/** Far above the users that exist anywhere. */
const outside = { first: 300_000, count: 65_536 };

/** What is told to the process on the machine, as its one argument. */
export interface Arrival {
  readonly tools: ProviderTools;
  readonly provider: ProviderName;
  /** Of the worker that starts the sandboxes. */
  readonly user: User;
}

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs `script` of this checkout there and gives its exit code. */
export async function enterMachine(script: string, arrival: Arrival): Promise<number> {
  const isRoot = process.getuid?.() === 0;
  const privately = isRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  const users = isRoot ? outside : { first: 0, count: 1 };
  const { runsc } = arrival.tools;
  const { bwrap, tini, prlimit } = arrival.tools.bubblewrap;
  const copies = { bwrap: toCopy(bwrap), tini: toCopy(tini), prlimit: toCopy(prlimit) };
  const argument = JSON.stringify({
    ...arrival,
    tools: { ...arrival.tools, bubblewrap: copies, ...(runsc ? { runsc: toCopy(runsc) } : {}) },
  });
  const build = ['sh', join(import.meta.dirname, 'build-machine.sh'), checkout, dirname(process.execPath)];
  const command = ['/mnt/node/node', join('/mnt/checkout', relative(checkout, script)), argument];
  const child = spawn(
    'unshare',
    [
      ...privately,
      '--propagation',
      'private',
      ...build,
      `${users.first}`,
      `${users.count}`,
      [bwrap, tini, prlimit, ...(runsc ? [runsc] : [])].join(' '),
      '--',
      ...command,
    ],
    { stdio: 'inherit', env: { PATH: searchPath, TMPDIR: '/mnt/disk/tmp' } },
  );
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}

function toCopy(path: string): string {
  return join('/mnt/tool', basename(path));
}
