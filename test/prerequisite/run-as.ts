// Runs ensure-main.ts as root or as an unprivileged user, whoever runs the tests.
import { execFileSync } from 'node:child_process';
import { chmodSync, constants, copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PrerequisiteOptions, Prerequisites } from '../../src/prerequisite/ensure-prerequisites.ts';

/** A lone root is root of a user namespace that holds no other user, as in some rootless containers. */
export type User = 'root' | 'unprivileged' | 'lone root';
export interface EnsureRun {
  readonly lines: readonly string[];
  readonly result: Prerequisites;
}

const nobody = 65534;
const isRoot = process.getuid?.() === 0;
const project = resolve(import.meta.dirname, '../..');

/** The user id that `user` is here: folders that the process writes to must belong to it. */
export function idOf(user: User): number {
  const own = process.getuid?.() ?? 0;
  return user === 'unprivileged' && isRoot ? nobody : own;
}

/** The options of a child process that make it run as `user`. */
export function identityOf(user: User): { uid?: number; gid?: number } {
  return user === 'unprivileged' && isRoot ? { uid: nobody, gid: nobody } : {};
}

/** Copies Node and the code under test to a folder that everybody can read; a checkout may be private. */
export function prepareReadableCopy(folder: string): void {
  mkdirSync(join(folder, 'test'), { recursive: true });
  chmodSync(folder, 0o755);
  copyFileSync(process.execPath, join(folder, 'node'), constants.COPYFILE_FICLONE);
  cpSync(join(project, 'src/prerequisite'), join(folder, 'src/prerequisite'), { recursive: true });
  cpSync(join(project, 'test/prerequisite'), join(folder, 'test/prerequisite'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
}

export function ensureAs(user: User, copy: string, options: Omit<PrerequisiteOptions, 'out'>): EnsureRun {
  const command = [join(copy, 'node'), join(copy, 'test/prerequisite/ensure-main.ts'), JSON.stringify(options)];
  // A user namespace makes an unprivileged tester root over files of its own.
  const isNamespaced = user === 'lone root' || (user === 'root' && !isRoot);
  const [file = '', ...args] = isNamespaced ? ['/usr/bin/unshare', '--map-root-user', ...command] : command;
  const output = execFileSync(file, args, { env: {}, encoding: 'utf8', cwd: '/', ...identityOf(user) });
  return JSON.parse(output);
}
