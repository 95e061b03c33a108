// Looking things up by the names people use. What is missing, or hidden from the one who asks, is "Not Found".
import type { Account } from './account.ts';
import type { App, Installation } from './app.ts';
import type { Comment, Issue } from './issue.ts';
import type { Pull, ReviewComment } from './pull.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Repository } from './repository.ts';
import type { World } from './world.ts';

export function accountOf(world: World, login: string): Account {
  const account = world.accounts.get(login.toLowerCase());
  if (!account) throw new Refusal(404, `Not Found: no account ${login}`);
  return account;
}

export function appOf(world: World, appId: number): App {
  const app = world.apps.get(appId);
  if (!app) throw notFound();
  return app;
}

export function installationOf(world: World, installationId: number): Installation {
  const installation = world.installations.get(installationId);
  if (!installation) throw notFound();
  return installation;
}

export function findRepository(world: World, fullName: string): Repository | undefined {
  const wanted = fullName.toLowerCase();
  return [...world.repositories.values()].find((repository) => repository.fullName.toLowerCase() === wanted);
}

/** The repository that once had this name, unless another one has it now. */
export function findMoved(world: World, fullName: string): Repository | undefined {
  const id = world.formerNames.get(fullName.toLowerCase());
  return id === undefined || findRepository(world, fullName) ? undefined : world.repositories.get(id);
}

export function repositoryOf(world: World, fullName: string): Repository {
  const repository = findRepository(world, fullName);
  if (!repository) throw new Refusal(404, `Not Found: no repository ${fullName}`);
  return repository;
}

export function repositoryById(world: World, id: number): Repository {
  const repository = world.repositories.get(id);
  if (!repository) throw notFound();
  return repository;
}

export function issueOf(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (!issue) throw notFound();
  return issue;
}

/** An issue that is a pull request. */
export type PullIssue = Issue & { readonly pull: Pull };

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== undefined;
}

export function pullOf(repository: Repository, number: number): PullIssue {
  const issue = issueOf(repository, number);
  if (!isPull(issue)) throw notFound();
  return issue;
}

export function pullsOf(repository: Repository): readonly PullIssue[] {
  return [...repository.issues.values()].filter(isPull);
}

/** What was said beside a line, and on which pull request. */
export function reviewCommentOf(repository: Repository, id: number): { comment: ReviewComment; pull: PullIssue } {
  for (const pull of pullsOf(repository)) {
    const comment = pull.pull.reviewComments.find((one) => one.id === id);
    if (comment) return { comment, pull };
  }
  throw notFound();
}

export function commentOf(repository: Repository, id: number): Comment {
  const comment = repository.comments.get(id);
  if (!comment) throw notFound();
  return comment;
}

export function commentsOf(repository: Repository, number: number): readonly Comment[] {
  return [...repository.comments.values()].filter((comment) => comment.number === number);
}

/** Whether an installation covers a repository. */
export function covers(installation: Installation, repository: Repository): boolean {
  return installation.repositories === 'all'
    ? installation.account.toLowerCase() === repository.owner.toLowerCase()
    : installation.repositories.has(repository.id);
}

export function installationsOn(world: World, repository: Repository): readonly Installation[] {
  return [...world.installations.values()].filter((installation) => covers(installation, repository));
}
