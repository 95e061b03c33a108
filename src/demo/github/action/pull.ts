import { readMergeBase, readRef } from '../git/refs.ts';
import type { Actor } from '../state/actor.ts';
import { findRepository, type PullIssue, pullsOf } from '../state/find.ts';
import type { Pull, PullHead } from '../state/pull.ts';
import { invalid, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { addIssueEvent, announceIssue } from './announce.ts';
import { addIssue, takeNumber } from './issue.ts';
import { checkBody, checkTitle } from './limit.ts';
import { setPullHead } from './pull-head.ts';

export interface NewPull {
  readonly title: string;
  readonly body: string | null;
  /** `branch` or `owner:branch`. */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
  readonly maintainerCanModify: boolean;
}

/** One after the other, so that two requests for one branch cannot both find that there is none yet. */
export function createPull(
  world: World,
  repository: Repository,
  of: { actor: Actor; pull: NewPull },
): Promise<PullIssue> {
  return repository.git.exclusive(() => addPull(world, repository, of));
}

async function addPull(world: World, repository: Repository, of: { actor: Actor; pull: NewPull }): Promise<PullIssue> {
  const { actor, pull: input } = of;
  checkTitle('PullRequest', input.title);
  checkBody('PullRequest', input.body);
  if (input.draft && !repository.takesDrafts) refuse('Draft pull requests are not supported in this repository.');
  const head = resolveHead(world, repository, input.head);
  const baseSha = await requireMergeableSides(world, repository, { head, base: input.base });
  const pull: Pull = {
    id: world.nextId(),
    head,
    baseRef: input.base,
    baseSha,
    draft: input.draft,
    maintainerCanModify: input.maintainerCanModify && head.repositoryId !== repository.id,
    merged: null,
    mergeability: undefined,
    reviews: [],
    reviewComments: [],
  };
  // Its head is there before anybody can see the pull request.
  const number = takeNumber(repository);
  await setPullHead(world, repository, { number, head });
  const { title, body } = input;
  const issue = addIssue(world, repository, { actor, number, title, body, extra: { pull } });
  await announceIssue(world, repository, { issue, actor, action: 'opened' });
  return issue;
}

function resolveHead(world: World, repository: Repository, head: string): PullHead {
  const colon = head.indexOf(':');
  const owner = colon < 0 ? repository.owner : head.slice(0, colon);
  const ref = head.slice(colon + 1);
  const source =
    owner.toLowerCase() === repository.owner.toLowerCase()
      ? repository
      : (findRepository(world, `${owner}/${repository.name}`) ?? forkOf(world, repository, owner));
  if (!source) throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  return { repositoryId: source.id, owner: source.owner, ref };
}

function forkOf(world: World, parent: Repository, owner: string): Repository | undefined {
  return [...world.repositories.values()].find(
    (fork) => fork.parentId === parent.id && fork.owner.toLowerCase() === owner.toLowerCase(),
  );
}

/** Returns the base's tip. */
async function requireMergeableSides(
  world: World,
  repository: Repository,
  { head, base }: { head: PullHead; base: string },
): Promise<string> {
  const { git } = repository;
  const source = world.repositories.get(head.repositoryId);
  const headSha = source && (await readRef(source.git, `refs/heads/${head.ref}`));
  if (!source || headSha === undefined) throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  const baseSha = await readRef(git, `refs/heads/${base}`);
  if (baseSha === undefined) throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  const old = pullsOf(repository).find(
    ({ state, pull }) =>
      state === 'open' &&
      pull.head.repositoryId === head.repositoryId &&
      pull.head.ref === head.ref &&
      pull.baseRef === base,
  );
  if (old) refuse(`A pull request already exists for ${head.owner}:${head.ref}.`);
  if (source.id !== repository.id) {
    await git.run(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', source.git.folder, headSha]);
  }
  const mergeBase = await readMergeBase(git, baseSha, headSha);
  if (mergeBase === undefined) refuse(`The ${base} branch has no history in common with ${head.owner}:${head.ref}`);
  if (mergeBase === headSha) refuse(`No commits between ${base} and ${head.ref}`);
  return baseSha;
}

function refuse(message: string): never {
  throw invalid({ resource: 'PullRequest', code: 'custom', message });
}

export async function retargetPull(
  world: World,
  repository: Repository,
  { actor, pull, base }: { actor: Actor; pull: PullIssue; base: string },
): Promise<void> {
  const from = { ref: pull.pull.baseRef, sha: pull.pull.baseSha };
  if (from.ref === base) return;
  if (pull.state === 'closed') throw new Refusal(422, 'Cannot change the base branch of a closed pull request.');
  const sha = await readRef(repository.git, `refs/heads/${base}`);
  if (sha === undefined) throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  pull.pull.baseRef = base;
  pull.pull.baseSha = sha;
  pull.updatedAt = world.now();
  addIssueEvent(world, pull, { kind: 'base_ref_changed', by: actor });
  const extra = { changes: { base: { ref: { from: from.ref }, sha: { from: from.sha } } } };
  await announceIssue(world, repository, { issue: pull, actor, action: 'edited', extra });
}

export async function setDraft(
  world: World,
  repository: Repository,
  { actor, pull, draft }: { actor: Actor; pull: PullIssue; draft: boolean },
): Promise<void> {
  if (pull.pull.draft === draft) return;
  pull.pull.draft = draft;
  pull.updatedAt = world.now();
  addIssueEvent(world, pull, { kind: draft ? 'convert_to_draft' : 'ready_for_review', by: actor });
  const action = draft ? 'converted_to_draft' : 'ready_for_review';
  await announceIssue(world, repository, { issue: pull, actor, action });
}
