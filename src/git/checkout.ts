// Makes the isolated copy that an agent or a verify run works in.
//
// A shallow fetch through git's own transport, and no local clone: the mirror also holds other branches, pull requests
// and unpublished results of other runs, and a clone would copy all of those objects (with hard links it would even
// share files that a sandbox of the same user could overwrite). Here the copy gets the last commits up to the one
// asked for and nothing else. At 10,000 files it costs 1.9 s of processor time with or without history, of which most
// is packing; searching for new deltas would make that 5.1 s, and a clone of everything costs 0.3 s.
import { appendFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Author, RepositoryRef } from '../engine/port/git.ts';
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import { makeRepository, writeBranch } from './make-repository.ts';
import { requireCommitName } from './name.ts';
import { openMirror } from './open-mirror.ts';
import type { GitCall } from './run-git.ts';

/** Who makes the commits of an agent that does not say who it is. Nothing of them travels on but their content. */
const agent: Author = { name: 'Gatepilot agent', email: 'agent@gatepilot.invalid' };

/** Enough history for an agent to see how the project writes its commits. */
const depth = 50;

/** A constant for git's shell: packs as they are, since the copy is thrown away and the time is not. */
const uploadPack = 'git -c pack.window=0 upload-pack';

const branch = 'work';

export async function checkout(
  context: GitContext,
  request: { repository: RepositoryRef; commit: string; folder: string },
): Promise<void> {
  const { repository, folder } = request;
  const commit = requireCommitName(request.commit);
  const mirror = await openMirror(context, repository);
  await createEmpty(folder);
  const gitFolder = join(folder, '.git');
  const copy = { repository: gitFolder, workTree: folder, author: agent };
  const steps: readonly GitCall[] = [
    {
      ...copy,
      transport: 'file',
      args: [
        'fetch',
        '--quiet',
        `--depth=${depth}`,
        '--no-tags',
        '--no-write-fetch-head',
        '--no-auto-maintenance',
        `--upload-pack=${uploadPack}`,
        '--',
        mirror.path,
        commit,
      ],
    },
    { ...copy, args: ['read-tree', '--reset', '-u', commit] },
  ];
  try {
    await makeRepository(gitFolder, { branch, isBare: false });
    for (const step of steps) {
      const outcome = await context.run(step);
      if (outcome.code !== 0) throw localFailure('could not check out', outcome);
    }
    await writeBranch(gitFolder, branch, commit);
    await appendFile(join(gitFolder, 'config'), `[user]\n\tname = ${agent.name}\n\temail = ${agent.email}\n`);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A bug of the caller: a copy never goes over something that is already there. */
async function createEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new Error(`the folder for a checkout is not empty: ${folder}`);
}
