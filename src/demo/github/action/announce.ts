// Issues and pull requests have the same events under two names; this file is where that is known.
import type { Actor } from '../state/actor.ts';
import { isPull } from '../state/find.ts';
import type { Comment, Issue, IssueEvent } from '../state/issue.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { commentView, fullIssueView, issueView } from '../view/issue-view.ts';
import { pullView } from '../view/pull-view.ts';
import { emit } from '../webhook/emit.ts';

export interface Announcement {
  readonly issue: Issue;
  readonly actor: Actor;
  readonly action: string;
  /** `label`, `changes`, `before`: what the action adds to the payload. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Emits `issues.<action>`, or `pull_request.<action>` for a pull request. */
export async function announceIssue(world: World, repository: Repository, of: Announcement): Promise<void> {
  const { issue, actor, action, extra } = of;
  const payload = isPull(issue)
    ? { number: issue.number, pull_request: await pullView(world, repository, issue) }
    : { issue: fullIssueView(world, repository, issue) };
  const event = isPull(issue) ? 'pull_request' : 'issues';
  emit(world, repository, { event, action, actor, number: issue.number, payload: { ...payload, ...extra } });
}

/** A comment on a pull request is an `issue_comment` too; its issue has a `pull_request`. */
export function announceComment(
  world: World,
  repository: Repository,
  of: { issue: Issue; comment: Comment; actor: Actor; action: string; extra?: Readonly<Record<string, unknown>> },
): void {
  const payload = {
    issue: issueView(world, repository, of.issue),
    comment: commentView(world, repository, of.comment),
    ...of.extra,
  };
  emit(world, repository, {
    event: 'issue_comment',
    action: of.action,
    actor: of.actor,
    number: of.issue.number,
    payload,
  });
}

/** Adds to the issue's timeline. */
export function addIssueEvent(
  world: World,
  issue: Issue,
  event: Omit<IssueEvent, 'id' | 'at' | 'actor' | 'viaAppId'> & { by: Actor },
): void {
  const { by, ...rest } = event;
  issue.events.push({
    id: world.nextId(),
    at: world.now(),
    actor: by.login,
    ...(by.viaAppId === undefined ? {} : { viaAppId: by.viaAppId }),
    ...rest,
  });
}

export function viaPart(actor: Actor): { viaAppId?: number } {
  return actor.viaAppId === undefined ? {} : { viaAppId: actor.viaAppId };
}
