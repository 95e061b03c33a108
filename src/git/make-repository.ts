// What `git init` and `git update-ref` do to a repository that nobody else knows of, without a process for it: two of
// the first three programs of every task would be these.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An empty repository whose git folder is `path`, with nothing in it that a template could have brought. */
export async function makeRepository(path: string, options: { branch: string; isBare: boolean }): Promise<void> {
  const folders = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags'];
  await Promise.all(folders.map((folder) => mkdir(join(path, folder), { recursive: true, mode: 0o700 })));
  const core = `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = ${options.isBare}\n`;
  await writeFile(join(path, 'config'), core);
  await writeFile(join(path, 'HEAD'), `ref: refs/heads/${options.branch}\n`);
}

/** Only while one process alone uses the repository: nothing is locked. */
export async function writeBranch(path: string, branch: string, commit: string): Promise<void> {
  await writeFile(join(path, 'refs', 'heads', branch), `${commit}\n`);
}
