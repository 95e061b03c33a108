// A private folder of this process with a short path, for unix sockets: their paths have 107 bytes at most. Who owns one is
// alive as long as somebody answers in it, which holds across containers that share the folder of all of them as well.
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../engine/remove-tree.ts';

export interface OwnFolder {
  readonly path: string;
  close(): Promise<void>;
}

/** One in which nobody ever answered may belong to a process that is starting, or to an older version. */
const unansweredMs = 24 * 3_600_000;

/** Takes away what killed processes left under the same name. */
export async function openOwnFolder(name: string, parent = tmpdir()): Promise<OwnFolder> {
  const prefix = `gatepilot-${name}-`;
  for (const entry of await readdir(parent)) {
    if (entry.startsWith(prefix) && (await isLeft(join(parent, entry)))) await removeTree(join(parent, entry));
  }
  const path = await mkdtemp(join(parent, prefix));
  const server = await answer(toOwner(path));
  return {
    path,
    async close() {
      server.close();
      await removeTree(path);
    },
  };
}

function toOwner(path: string): string {
  return join(path, 'owner');
}

async function answer(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).unref();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  return server;
}

async function isLeft(path: string): Promise<boolean> {
  const code = await knock(toOwner(path));
  if (code === 'ECONNREFUSED') return true;
  if (code !== 'ENOENT') return false;
  const facts = await stat(path).catch(() => undefined);
  return facts !== undefined && Date.now() - facts.mtimeMs > unansweredMs;
}

/** Undefined where somebody answers; else why not. */
async function knock(path: string): Promise<string | undefined> {
  const socket = connect(path);
  try {
    return await new Promise((resolve) => {
      socket.once('connect', () => resolve(undefined));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  } finally {
    socket.destroy();
  }
}
