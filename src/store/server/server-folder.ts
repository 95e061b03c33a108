// The folder of one embedded Redis: private to its user, and the path under which clients reach its socket.
import { createHash } from 'node:crypto';
import { chmod, lstat, lutimes, mkdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ExternalError } from '../../engine/external-error.ts';

/** The server runs in its folder and binds this relative name, so that the depth of the folder never matters to it. */
export const socketName = 'redis.sock';

/** The kernel takes 107 bytes for the path of a socket. */
const maxSocketPathBytes = 107;

export interface SocketAddress {
  readonly path: string;
  /** A link to the folder that has to exist for `path` to work; undefined when the folder's own path will do. */
  readonly link: string | undefined;
}

/** The folder's own path where clients can use it, else one through a short link that every process derives alike. */
export function decideSocketAddress(folder: string, uid: number): SocketAddress {
  const direct = join(folder, socketName);
  // Clients read more than a path into other characters, such as options after a question mark.
  if (Buffer.byteLength(direct) <= maxSocketPathBytes && /^[\w./-]+$/.test(direct)) {
    return { path: direct, link: undefined };
  }
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const link = `/tmp/gatepilot-${uid}-${digest}`;
  return { path: join(link, socketName), link };
}

export async function prepareServerFolder(folder: string, uid: number): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const state = await lstat(folder);
    if (!state.isDirectory() || state.uid !== uid) throw new Error('it is not a folder of the current user');
    if ((state.mode & 0o077) !== 0) await chmod(folder, 0o700);
  } catch (cause) {
    throw folderError(`the Redis folder ${folder} cannot be used`, cause);
  }
}

/** Makes or refreshes the link. Cleaners of /tmp remove what looks old, so this is repeated while a server is used. */
export async function prepareLink(link: string, folder: string, uid: number): Promise<void> {
  try {
    await symlink(folder, link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    // Everybody may write to /tmp: a link of somebody else could lead to somebody else's server.
    const state = await lstat(link);
    if (!state.isSymbolicLink() || state.uid !== uid || (await readlink(link)) !== folder) {
      throw new Error(`${link} is there and is not our link`);
    }
    const now = new Date();
    await lutimes(link, now, now);
  } catch (cause) {
    throw folderError(`the path of ${folder} is too long or unusual for a socket, and no link could be made`, cause);
  }
}

function folderError(what: string, cause: unknown): ExternalError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ExternalError({ system: 'redis', message: `${what}: ${why}`, retry: 'never', cause });
}
