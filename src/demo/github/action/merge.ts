// The merge button: a real three-way merge, put on the base branch only if that is still where it was.
import { readCommits, type Signature, writeCommit } from '../git/commit.ts';
import { mergeTree } from '../git/merge-tree.ts';
import { compareAndSwapRef } from '../git/refs.ts';
import { isAtLeast } from '../state/account.ts';
import type { Actor } from '../state/actor.ts';
import { accountOf, type PullIssue } from '../state/find.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { roleOf } from '../state/role.ts';
import type { World } from '../state/world.ts';
import { addIssueEvent, announceIssue } from './announce.ts';
import { closeFixedIssues } from './closing-keyword.ts';
import { markClosed } from './issue.ts';
import { readMergeBlockers } from './merge-blockers.ts';
import { readSides, type Sides } from './pull-state.ts';
import { changeRefs } from './ref-change.ts';

export interface MergeRequest {
  readonly actor: Actor;
  readonly pull: PullIssue;
  readonly method: 'merge' | 'squash' | 'rebase';
  /** What the head must be. */
  readonly sha?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
}

export async function mergePull(world: World, repository: Repository, request: MergeRequest): Promise<string> {
  const { actor, pull } = request;
  const sha = await changeRefs(world, repository, actor, async () => {
    const sides = await requireMergeable(repository, request);
    const commit = await writeMergeCommit(world, repository, { request, sides });
    const ref = `refs/heads/${pull.pull.baseRef}`;
    if (!(await compareAndSwapRef(repository.git, { ref, from: sides.baseSha, to: commit }))) {
      throw new Refusal(405, 'Base branch was modified. Review and try the merge again.');
    }
    pull.pull.merged = { sha: commit, at: world.now(), by: actor.login };
    addIssueEvent(world, pull, { kind: 'merged', by: actor, commitSha: commit });
    markClosed(world, pull, { actor });
    return commit;
  });
  await announceIssue(world, repository, { issue: pull, actor, action: 'closed' });
  if (pull.pull.baseRef === repository.defaultBranch) {
    await closeFixedIssues(world, repository, { actor, text: `${pull.title}\n${pull.body ?? ''}`, commitSha: sha });
  }
  return sha;
}

async function requireMergeable(repository: Repository, { actor, pull, method, sha }: MergeRequest): Promise<Sides> {
  if (pull.state === 'closed') throw new Refusal(405, 'Pull Request is not mergeable');
  const sides = await readSides(repository, pull);
  if (sha !== undefined && sha !== sides.headSha) {
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  }
  if (method === 'rebase') throw new Refusal(405, 'Rebase merges are not allowed on this repository.');
  if (pull.pull.draft) throw new Refusal(405, 'Pull Request is still a draft');
  const protection = repository.protection.get(pull.pull.baseRef);
  const mayBypass = protection?.enforceAdmins === false && isAtLeast(roleOf(repository, actor.login), 'admin');
  const [blocker] = mayBypass ? [] : await readMergeBlockers(repository, pull, sides);
  if (blocker) throw new Refusal(405, blocker.message);
  return sides;
}

async function writeMergeCommit(
  world: World,
  repository: Repository,
  { request, sides }: { request: MergeRequest; sides: Sides },
): Promise<string> {
  const { actor, pull, method } = request;
  const merge = await mergeTree(repository.git, sides.baseSha, sides.headSha);
  if (merge.kind === 'conflict') throw new Refusal(405, 'Pull Request is not mergeable');
  const squash = method === 'squash';
  const title = request.title ?? (squash ? `${pull.title} (#${pull.number})` : mergeTitle(pull));
  const message = request.message ?? (squash ? await squashMessage(repository, sides) : pull.title);
  return writeCommit(repository.git, {
    tree: merge.tree,
    parents: squash ? [sides.baseSha] : [sides.baseSha, sides.headSha],
    message: message === '' ? title : `${title}\n\n${message}`,
    author: signatureOf(world, actor.login),
    committer: { name: 'GitHub', email: 'noreply@github.com', date: new Date(world.now()).toISOString() },
  });
}

function mergeTitle(pull: PullIssue): string {
  return `Merge pull request #${pull.number} from ${pull.pull.head.owner}/${pull.pull.head.ref}`;
}

async function squashMessage(repository: Repository, sides: Sides): Promise<string> {
  const commits = await readCommits(repository.git, ['--reverse', `${sides.mergeBase}..${sides.headSha}`]);
  return commits.length === 1 ? '' : commits.map((commit) => `* ${commit.message}`).join('\n\n');
}

/** Who GitHub says wrote a commit that somebody made in the browser or with the API. */
export function signatureOf(world: World, login: string): Signature {
  const account = accountOf(world, login);
  const email = account.email ?? `${account.id}+${account.login}@users.noreply.github.com`;
  return { name: account.name ?? account.login, email, date: new Date(world.now()).toISOString() };
}
