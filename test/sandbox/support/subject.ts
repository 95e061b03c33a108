// What the conformance suite and the escapes are about: a provider, opened by a worker that is root and by one that is not.
import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findClosedFolder } from '../../../src/sandbox/bubblewrap/closed-folder.ts';
import type { ProviderName } from './open-provider.ts';

export type User = 'root' | 'ordinary user';

export interface Subject {
  readonly title: string;
  readonly provider: ProviderName | 'none';
  readonly user: User;
}

export const isRoot = process.getuid?.() === 0;
export const ordinaryUid = 64_111;
export const starterScript = fileURLToPath(new URL('./starter-process.ts', import.meta.url));

/** Most people are not root, so both are tried, unless this checkout lies where nobody but root may read it. */
export const users: readonly User[] = await listUsers();

async function listUsers(): Promise<readonly User[]> {
  if (!isRoot) return without('root', 'whoever runs the tests is not root', ['ordinary user']);
  const user = { uid: ordinaryUid, gid: ordinaryUid };
  const found = await Promise.all([starterScript, process.execPath].map((path) => findClosedFolder(path, user)));
  const closed = found.find((folder) => folder !== undefined);
  if (closed === undefined) return ['root', 'ordinary user'];
  return without('ordinary user', `nobody but root may read ${closed}`, ['root']);
}

/** Never in silence: fewer tests are as green as all of them. */
function without(missing: User, why: string, rest: readonly User[]): readonly User[] {
  process.stderr.write(`NOT TESTED HERE: sandboxes of a worker that is ${missing}: ${why}\n`);
  return rest;
}
const many = Number(/^\s*\d+\s+\d+\s+(\d+)/.exec(readFileSync('/proc/self/uid_map', 'utf8'))?.[1]) > ordinaryUid;

/** Starts a program as this user. Root of a user namespace that knows nobody else becomes one in another namespace. */
export function startAs(user: User, argv: readonly string[], options: SpawnOptions): ChildProcess {
  const isOther = isRoot && user === 'ordinary user';
  const ids = [`--map-user=${ordinaryUid}`, `--map-group=${ordinaryUid}`];
  const [program = '', ...args] = isOther && !many ? ['/usr/bin/unshare', '--user', ...ids, '--', ...argv] : argv;
  return spawn(program, args, { ...options, ...(isOther && many ? { uid: ordinaryUid, gid: ordinaryUid } : {}) });
}

/** Makes a file, or a folder with what is in it, the user's own. */
export async function giveTo(user: User, path: string): Promise<void> {
  if (!isRoot || user === 'root' || !many) return;
  await promisify(execFile)('chown', ['-R', `${ordinaryUid}:${ordinaryUid}`, path]);
}
