// A small merge queue: each pull request in it has a commit of its own on what is before it, and the first one is put on
// the base branch as soon as the required checks of its commit have passed.
import { readCommit, writeCommit } from '../git/commit.ts';
import { mergeTree } from '../git/merge-tree.ts';
import { compareAndSwapRef, readRef } from '../git/refs.ts';
import type { Actor } from '../state/actor.ts';
import { type PullIssue, pullOf } from '../state/find.ts';
import { Refusal } from '../state/refusal.ts';
import type { QueueEntry, Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { pushedCommitView } from '../view/commit-view.ts';
import { emit } from '../webhook/emit.ts';
import { announceIssue } from './announce.ts';
import { signatureOf } from './merge.ts';
import { missingChecks } from './merge-blockers.ts';
import { readHeadSha } from './pull-state.ts';
import { changeRefs } from './ref-change.ts';

type Reason = 'merged' | 'invalidated' | 'dequeued';

export async function enqueuePull(
  world: World,
  repository: Repository,
  { actor, pull }: { actor: Actor; pull: PullIssue },
): Promise<void> {
  const { baseRef, draft } = pull.pull;
  const protection = repository.protection.get(baseRef);
  if (!protection?.hasMergeQueue) throw new Refusal(422, `${baseRef} has no merge queue`);
  if (pull.state === 'closed' || draft) throw new Refusal(422, 'Pull Request is not mergeable');
  const queue = queueOf(repository, baseRef);
  if (queue.some(({ number }) => number === pull.number)) throw new Refusal(422, 'It is in the queue already');
  const head = await readHeadSha(repository, pull.number);
  const [missing] = missingChecks(repository, protection.requiredChecks, head);
  if (missing) throw new Refusal(422, missing.message);
  const entry = await buildEntry(world, repository, { pull, head, actor });
  if (!entry) throw new Refusal(422, 'Pull Request is not mergeable');
  queue.push(entry);
  await announceIssue(world, repository, { issue: pull, actor, action: 'enqueued' });
  await announceGroup(world, repository, { entry, action: 'checks_requested' });
}

export async function dequeuePull(
  world: World,
  repository: Repository,
  { actor, pull }: { actor: Actor; pull: PullIssue },
): Promise<void> {
  const queue = queueOf(repository, pull.pull.baseRef);
  const entry = queue.find(({ number }) => number === pull.number);
  if (!entry) throw new Refusal(422, 'It is not in the queue');
  await takeOut(world, repository, { entry, reason: 'MANUAL', actor });
}

/** Looks at every queue of a repository: what may be merged is, what failed or changed is taken out. */
export async function followQueues(world: World, repository: Repository): Promise<void> {
  // Merging one moves branches and completes nothing new: whoever is at it goes on until nothing is left to do.
  if (repository.isQueueBusy) return;
  repository.isQueueBusy = true;
  try {
    for (const branch of repository.queues.keys()) while (await takeStep(world, repository, branch));
  } finally {
    repository.isQueueBusy = false;
  }
}

/** True when something was done, so that it has to be looked at again. */
async function takeStep(world: World, repository: Repository, branch: string): Promise<boolean> {
  const required = repository.protection.get(branch)?.requiredChecks ?? [];
  const queue = queueOf(repository, branch);
  for (const [place, entry] of queue.entries()) {
    const pull = pullOf(repository, entry.number);
    const head = pull.state === 'open' ? await readHeadSha(repository, entry.number) : undefined;
    const isChanged = head !== entry.pullHead || pull.pull.baseRef !== branch || pull.pull.draft;
    const actor = { login: entry.addedBy };
    if (isChanged) return await takeOut(world, repository, { entry, reason: 'BRANCH_PROTECTIONS', actor });
    const missing = missingChecks(repository, required, entry.head);
    if (missing.some(({ message }) => message.endsWith('is failing.')))
      return await takeOut(world, repository, { entry, reason: 'CI_FAILURE', actor });
    if (place === 0 && missing.length === 0) return await land(world, repository, { entry, actor });
  }
  const tip = await readRef(repository.git, `refs/heads/${branch}`);
  const [first] = queue;
  if (!first || first.base === tip) return false;
  await rebuild(world, repository, { branch, from: 0 });
  return true;
}

async function land(
  world: World,
  repository: Repository,
  { entry, actor }: { entry: QueueEntry; actor: Actor },
): Promise<boolean> {
  const ref = `refs/heads/${entry.branch}`;
  const landed = await changeRefs(world, repository, actor, async () => {
    return await compareAndSwapRef(repository.git, { ref, from: entry.base, to: entry.head });
  });
  if (!landed) {
    await rebuild(world, repository, { branch: entry.branch, from: 0 });
    return true;
  }
  const queue = queueOf(repository, entry.branch);
  queue.splice(queue.indexOf(entry), 1);
  await destroy(world, repository, { entry, reason: 'merged' });
  return true;
}

async function takeOut(
  world: World,
  repository: Repository,
  { entry, reason, actor }: { entry: QueueEntry; reason: string; actor: Actor },
): Promise<boolean> {
  const queue = queueOf(repository, entry.branch);
  const place = queue.indexOf(entry);
  queue.splice(place, 1);
  const issue = pullOf(repository, entry.number);
  await announceIssue(world, repository, { issue, actor, action: 'dequeued', extra: { reason } });
  await destroy(world, repository, { entry, reason: 'dequeued' });
  await rebuild(world, repository, { branch: entry.branch, from: place });
  return true;
}

/** What stood on something that is not there any more gets another commit, or is taken out where it does not merge. */
async function rebuild(
  world: World,
  repository: Repository,
  { branch, from }: { branch: string; from: number },
): Promise<void> {
  const queue = queueOf(repository, branch);
  const behind = queue.splice(from);
  for (const old of behind) {
    await destroy(world, repository, { entry: old, reason: 'invalidated' });
    const actor = { login: old.addedBy };
    const pull = pullOf(repository, old.number);
    const entry = await buildEntry(world, repository, { pull, head: old.pullHead, actor });
    if (!entry) {
      const extra = { reason: 'MERGE_CONFLICT' };
      await announceIssue(world, repository, { issue: pull, actor, action: 'dequeued', extra });
      continue;
    }
    queue.push(entry);
    await announceGroup(world, repository, { entry, action: 'checks_requested' });
  }
}

async function buildEntry(
  world: World,
  repository: Repository,
  { pull, head, actor }: { pull: PullIssue; head: string; actor: Actor },
): Promise<QueueEntry | undefined> {
  const { git } = repository;
  const branch = pull.pull.baseRef;
  const base = queueOf(repository, branch).at(-1)?.head ?? (await readRef(git, `refs/heads/${branch}`));
  if (base === undefined) return undefined;
  const merge = await mergeTree(git, base, head);
  if (merge.kind === 'conflict') return undefined;
  const commit = await writeCommit(git, {
    tree: merge.tree,
    parents: [base, head],
    message: `Merge pull request #${pull.number} from ${pull.pull.head.owner}/${pull.pull.head.ref}\n\n${pull.title}`,
    author: signatureOf(world, actor.login),
    committer: { name: 'GitHub', email: 'noreply@github.com', date: new Date(world.now()).toISOString() },
  });
  const ref = `gh-readonly-queue/${branch}/pr-${pull.number}-${base}`;
  await changeRefs(world, repository, actor, async () => {
    await compareAndSwapRef(git, { ref: `refs/heads/${ref}`, from: undefined, to: commit });
  });
  return { number: pull.number, branch, ref, base, head: commit, pullHead: head, addedBy: actor.login };
}

async function destroy(
  world: World,
  repository: Repository,
  { entry, reason }: { entry: QueueEntry; reason: Reason },
): Promise<void> {
  const ref = `refs/heads/${entry.ref}`;
  await announceGroup(world, repository, { entry, action: 'destroyed', extra: { reason } });
  await changeRefs(world, repository, { login: entry.addedBy }, async () => {
    await compareAndSwapRef(repository.git, { ref, from: entry.head, to: undefined });
  });
}

async function announceGroup(
  world: World,
  repository: Repository,
  { entry, action, extra }: { entry: QueueEntry; action: string; extra?: { readonly reason: Reason } },
): Promise<void> {
  const commit = await readCommit(repository.git, entry.head);
  const { id, tree_id, message, timestamp, author, committer } = pushedCommitView(world, repository, commit);
  const person = ({ name, email }: { name: string; email: string }) => ({ name, email });
  const payload = {
    merge_group: {
      head_sha: entry.head,
      head_ref: `refs/heads/${entry.ref}`,
      base_sha: entry.base,
      base_ref: `refs/heads/${entry.branch}`,
      head_commit: { id, tree_id, message, timestamp, author: person(author), committer: person(committer) },
    },
    ...extra,
  };
  emit(world, repository, {
    event: 'merge_group',
    action,
    actor: { login: entry.addedBy },
    number: entry.number,
    payload,
  });
}

function queueOf(repository: Repository, branch: string): QueueEntry[] {
  const queue = repository.queues.get(branch) ?? [];
  repository.queues.set(branch, queue);
  return queue;
}
