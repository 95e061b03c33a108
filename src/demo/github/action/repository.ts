// Making repositories: from commits, from a local repository, or as a fork.
import { mkdir } from 'node:fs/promises';
import { createBareRepository } from '../git/create-bare-repository.ts';
import { setRef } from '../git/refs.ts';
import { accountOf, findRepository, installationsOn } from '../state/find.ts';
import type { Label } from '../state/issue.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { ensureAccount } from './account.ts';
import { tellOfRepositories } from './installation.ts';
import { signatureOf } from './merge.ts';
import { commitFiles, type FileContents } from './push-commit.ts';

export interface NewRepository {
  readonly fullName: string;
  readonly isPrivate: boolean;
  readonly takesDrafts: boolean;
  readonly description: string | null;
  readonly defaultBranch: string;
  readonly parentId?: number;
}

const defaultLabels: readonly (readonly [name: string, color: string, description: string])[] = [
  ['bug', 'd73a4a', "Something isn't working"],
  ['documentation', '0075ca', 'Improvements or additions to documentation'],
  ['duplicate', 'cfd3d7', 'This issue or pull request already exists'],
  ['enhancement', 'a2eeef', 'New feature or request'],
  ['good first issue', '7057ff', 'Good for newcomers'],
  ['help wanted', '008672', 'Extra attention is needed'],
  ['invalid', 'e4e669', "This doesn't seem right"],
  ['question', 'd876e3', 'Further information is requested'],
  ['wontfix', 'ffffff', 'This will not be worked on'],
];

/** An empty repository, in which the source's commits are put next. */
export async function createRepository(world: World, input: NewRepository): Promise<Repository> {
  const [owner = '', name = ''] = input.fullName.split('/');
  if (findRepository(world, input.fullName)) throw new Refusal(422, 'name already exists on this account');
  const account = ensureAccount(world, { login: owner });
  const git = world.gitOf(input.fullName);
  await mkdir(world.homeFolder, { recursive: true });
  await createBareRepository(git, input.defaultBranch);
  const now = world.now();
  const labels = defaultLabels.map(
    ([label, color, description]): Label => ({ id: world.nextId(), name: label, color, description, isDefault: true }),
  );
  const repository: Repository = {
    id: world.nextId(),
    owner: account.login,
    name,
    fullName: `${account.login}/${name}`,
    git,
    isPrivate: input.isPrivate,
    takesDrafts: input.takesDrafts,
    description: input.description,
    defaultBranch: input.defaultBranch,
    ...(input.parentId === undefined ? {} : { parentId: input.parentId }),
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    nextNumber: 1,
    roles: new Map(),
    labels,
    issues: new Map(),
    comments: new Map(),
    checkRuns: new Map(),
    checkSuites: new Map(),
    statuses: [],
    protection: new Map(),
    queues: new Map(),
    isQueueBusy: false,
  };
  world.repositories.set(repository.id, repository);
  world.changes.add({ at: now, kind: 'setup', repository: repository.fullName, detail: 'repository created' });
  return repository;
}

/** Renamed, transferred to another account, or both. Apps on either account hear of what they lose and get. */
export function moveRepository(world: World, repository: Repository, fullName: string): void {
  if (findRepository(world, fullName)) throw new Refusal(422, 'name already exists on this account');
  const [login = '', name = ''] = fullName.split('/');
  const { login: owner } = accountOf(world, login);
  const before = installationsOn(world, repository);
  world.formerNames.set(repository.fullName.toLowerCase(), repository.id);
  const isTransfer = owner !== repository.owner;
  Object.assign(repository, { owner, name, fullName: `${owner}/${name}` });
  if (!isTransfer) return;
  for (const installation of before) {
    if (installation.repositories !== 'all') installation.repositories.delete(repository.id);
    tellOfRepositories(world, installation, { removed: repository });
  }
  for (const installation of installationsOn(world, repository))
    tellOfRepositories(world, installation, { added: repository });
}

export interface SourceCommit {
  readonly message: string;
  readonly files: FileContents;
  readonly author?: { readonly name: string; readonly email: string } | undefined;
  readonly date?: string | undefined;
}

/** Puts commits on the default branch, oldest first. Nothing is announced: the repository begins with them. */
export async function fillWithCommits(
  world: World,
  repository: Repository,
  commits: readonly SourceCommit[],
): Promise<void> {
  const { git } = repository;
  const owner = signatureOf(world, repository.owner);
  let parent: string | undefined;
  for (const commit of commits) {
    const author = { ...owner, ...commit.author, date: commit.date ?? owner.date };
    const parents = parent === undefined ? [] : [parent];
    parent = await commitFiles(git, { parents, files: commit.files, message: commit.message, author });
  }
  if (parent !== undefined) await setRef(git, `refs/heads/${repository.defaultBranch}`, parent);
}

/** Copies the branches and tags of a repository on this machine. */
export async function fillFromFolder(repository: Repository, folder: string): Promise<void> {
  await repository.git.run(['fetch', '--quiet', folder, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']);
}
