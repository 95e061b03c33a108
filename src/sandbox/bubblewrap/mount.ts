// What of the host is mounted into every sandbox: programs and libraries, read-only, and nothing that tells hosts apart.
import { lstat, readlink } from 'node:fs/promises';

/** A folder or file of the host at its place inside. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly access: 'read-only' | 'read-write';
}

/** Folders of programs that are links into /usr on most systems and folders of their own on some. */
export const programFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** Parts of /etc that programs need to load libraries, to check certificates and to find their alternatives. */
export const sharedSettings = [
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/etc/localtime',
  '/etc/ssl/openssl.cnf',
  '/etc/ssl/certs',
  '/etc/ca-certificates/extracted',
  '/etc/pki/tls/certs',
  '/etc/pki/ca-trust/extracted',
];

/** bubblewrap arguments for everything that is the same in all sandboxes of a host. */
export async function readSystemMounts(): Promise<readonly string[]> {
  const folders = await Promise.all(programFolders.map(renderProgramFolder));
  return [
    ...['--ro-bind', '/usr', '/usr'],
    ...folders.flat(),
    ...['--perms', '0755', '--dir', '/etc', '--perms', '0755', '--dir', '/etc/ssl'],
    ...sharedSettings.flatMap((path) => ['--ro-bind-try', path, path]),
  ];
}

async function renderProgramFolder(path: string): Promise<string[]> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat?.isSymbolicLink()) return ['--symlink', await readlink(path), path];
  return stat?.isDirectory() ? ['--ro-bind', path, path] : [];
}
