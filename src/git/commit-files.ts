// A commit of ours from the content of another one, with other content in some of its files. That works on an index of our own
// in a scratch folder: nothing is checked out, and no filter of the repository sees the content.
import { join } from 'node:path';
import type { GitPort } from '../engine/port/git.ts';
import { commitTree } from './commit-tree.ts';
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import type { Mirror } from './mirror-path.ts';
import { requireCommitName } from './name.ts';
import { openMirror } from './open-mirror.ts';
import type { GitCall, GitOutcome } from './run-git.ts';
import { findEntry } from './tree-file.ts';

type Request = Parameters<GitPort['commitFiles']>[0];

export async function commitFiles(context: GitContext, request: Request): ReturnType<GitPort['commitFiles']> {
  const mirror = await openMirror(context, request.repository);
  const from = requireCommitName(request.from);
  const parents = request.parents.map(requireCommitName);
  const lines: string[] = [];
  for (const { path, content } of request.files) {
    const entry = await findEntry(context, mirror, { commit: from, path });
    if (!entry) throw new Error(`${path} is no file of ${from}`);
    const written = await context.write(mirror, { args: ['hash-object', '-w', '--stdin'], input: content });
    const id = requireDone(written).stdout.toString('utf8').trim();
    lines.push(`${entry.mode} ${id}\t${path}\0`);
  }
  const tree = await writeTree(context, mirror, { from, lines });
  const { message, author } = request;
  const commit = await commitTree((call) => context.write(mirror, call), { tree, parents, message, author });
  return { commit, tree };
}

async function writeTree(
  context: GitContext,
  mirror: Mirror,
  { from, lines }: { from: string; lines: readonly string[] },
): Promise<string> {
  return await context.withScratch(async (scratch) => {
    const index = join(scratch, 'index');
    const run = async (call: GitCall) =>
      requireDone(await context.write(mirror, { ...call, index, workTree: scratch }));
    await run({ args: ['read-tree', from] });
    await run({ args: ['update-index', '-z', '--index-info'], input: lines.join('') });
    const outcome = await run({ args: ['write-tree'] });
    return outcome.stdout.toString('utf8').trim();
  });
}

function requireDone(outcome: GitOutcome): GitOutcome {
  if (outcome.code !== 0) throw localFailure('could not write files', outcome);
  return outcome;
}
