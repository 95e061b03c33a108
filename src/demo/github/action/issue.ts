// What can be done to an issue, and to the issue side of a pull request. Authority is the callers' business.
import type { Actor } from '../state/actor.ts';
import { isPull } from '../state/find.ts';
import type { Issue } from '../state/issue.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { addIssueEvent, announceIssue, viaPart } from './announce.ts';
import { announceLabel, ensureLabel } from './label.ts';
import { checkBody, checkTitle } from './limit.ts';
import { requireReopenable } from './pull-head.ts';

export interface NewIssue {
  readonly title: string;
  readonly body: string | null;
  readonly labels: readonly string[];
}

export async function createIssue(
  world: World,
  repository: Repository,
  of: { actor: Actor; issue: NewIssue },
): Promise<Issue> {
  const { actor, issue: input } = of;
  checkTitle('Issue', input.title);
  checkBody('Issue', input.body);
  const issue = addIssue(world, repository, {
    actor,
    number: takeNumber(repository),
    title: input.title,
    body: input.body,
  });
  issue.labels = [...new Set(input.labels.map((name) => ensureLabel(world, repository, name).name))];
  await announceIssue(world, repository, { issue, actor, action: 'opened' });
  for (const name of issue.labels) await announceLabel(world, repository, { issue, actor, name });
  return issue;
}

export function takeNumber(repository: Repository): number {
  repository.nextNumber += 1;
  return repository.nextNumber - 1;
}

/** Nothing is announced yet. */
export function addIssue<Extra extends object>(
  world: World,
  repository: Repository,
  of: { actor: Actor; number: number; title: string; body: string | null; extra?: Extra },
): Issue & Extra {
  const now = world.now();
  const issue: Issue = {
    id: world.nextId(),
    number: of.number,
    author: of.actor.login,
    ...viaPart(of.actor),
    title: of.title,
    body: of.body,
    editedAt: null,
    state: 'open',
    stateReason: null,
    labels: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    reactions: [],
    events: [],
  };
  const whole = Object.assign(issue, of.extra);
  repository.issues.set(issue.number, whole);
  return whole;
}

export interface IssueChange {
  readonly title?: string;
  readonly body?: string | null;
  readonly state?: 'open' | 'closed';
  readonly stateReason?: 'completed' | 'not_planned' | 'reopened' | null;
}

export async function updateIssue(
  world: World,
  repository: Repository,
  of: { actor: Actor; issue: Issue; change: IssueChange },
): Promise<void> {
  await editText(world, repository, of);
  const { state, stateReason } = of.change;
  if (state === 'closed' && of.issue.state === 'open') {
    await closeIssue(world, repository, { ...of, reason: stateReason === 'not_planned' ? 'not_planned' : 'completed' });
  }
  if (state === 'open' && of.issue.state === 'closed') await reopenIssue(world, repository, of);
}

async function editText(
  world: World,
  repository: Repository,
  { actor, issue, change }: { actor: Actor; issue: Issue; change: IssueChange },
): Promise<void> {
  const changes: Record<string, { from: string }> = {};
  if (change.title !== undefined && change.title !== issue.title) {
    checkTitle('Issue', change.title);
    changes.title = { from: issue.title };
    addIssueEvent(world, issue, { kind: 'renamed', by: actor, rename: { from: issue.title, to: change.title } });
    issue.title = change.title;
  }
  if (change.body !== undefined && change.body !== issue.body) {
    checkBody('Issue', change.body);
    changes.body = { from: issue.body ?? '' };
    issue.body = change.body;
    issue.editedAt = world.now();
  }
  if (Object.keys(changes).length === 0) return;
  issue.updatedAt = world.now();
  await announceIssue(world, repository, { issue, actor, action: 'edited', extra: { changes } });
}

export async function closeIssue(
  world: World,
  repository: Repository,
  of: { actor: Actor; issue: Issue; reason?: 'completed' | 'not_planned' },
): Promise<void> {
  const { issue, actor } = of;
  if (issue.state === 'closed') return;
  markClosed(world, issue, of);
  await announceIssue(world, repository, { issue, actor, action: 'closed' });
}

/** Closes without announcing. A pull request has no reason. */
export function markClosed(
  world: World,
  issue: Issue,
  of: { actor: Actor; reason?: 'completed' | 'not_planned'; commitSha?: string },
): void {
  issue.state = 'closed';
  issue.stateReason = isPull(issue) ? null : (of.reason ?? 'completed');
  issue.closedAt = world.now();
  issue.closedBy = of.actor.login;
  issue.updatedAt = world.now();
  const commit = of.commitSha === undefined ? {} : { commitSha: of.commitSha };
  addIssueEvent(world, issue, { kind: 'closed', by: of.actor, ...commit });
}

async function reopenIssue(world: World, repository: Repository, of: { actor: Actor; issue: Issue }): Promise<void> {
  const { issue, actor } = of;
  if (isPull(issue)) await requireReopenable(world, repository, issue);
  issue.state = 'open';
  issue.stateReason = isPull(issue) ? null : 'reopened';
  issue.closedAt = null;
  issue.closedBy = null;
  issue.updatedAt = world.now();
  addIssueEvent(world, issue, { kind: 'reopened', by: actor });
  await announceIssue(world, repository, { issue, actor, action: 'reopened' });
}
