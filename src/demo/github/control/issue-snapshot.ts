import { commentsOf } from '../state/find.ts';
import type { Comment, Issue, IssueEvent } from '../state/issue.ts';
import type { Repository } from '../state/repository.ts';
import type { CommentSnapshot, IssueEventSnapshot, IssueSnapshot } from '../state/snapshot.ts';
import type { World } from '../state/world.ts';
import { iso } from '../view/format.ts';

function isBot(world: World, login: string): boolean {
  return world.accounts.get(login.toLowerCase())?.kind === 'Bot';
}

export function issueSnapshot(world: World, repository: Repository, issue: Issue): IssueSnapshot {
  return {
    id: issue.id,
    number: issue.number,
    author: issue.author,
    authorIsBot: isBot(world, issue.author),
    title: issue.title,
    body: issue.body ?? '',
    state: issue.state,
    labels: issue.labels,
    createdAt: iso(issue.createdAt),
    updatedAt: iso(issue.updatedAt),
    closedBy: issue.closedBy,
    reactions: issue.reactions.map(({ user, content }) => ({ user, content })),
    comments: commentsOf(repository, issue.number).map((comment) => commentSnapshot(world, comment)),
    events: issue.events.map(eventSnapshot),
  };
}

function commentSnapshot(world: World, comment: Comment): CommentSnapshot {
  return {
    id: comment.id,
    author: comment.author,
    authorIsBot: isBot(world, comment.author),
    body: comment.body,
    createdAt: iso(comment.createdAt),
    updatedAt: iso(comment.updatedAt),
    reactions: comment.reactions.map(({ user, content }) => ({ user, content })),
  };
}

function eventSnapshot({ id, kind, actor, at, label, rename, commitSha }: IssueEvent): IssueEventSnapshot {
  const detail = rename ? `${rename.from} → ${rename.to}` : commitSha;
  return {
    id,
    kind,
    actor,
    at: iso(at),
    ...(label ? { label: label.name } : {}),
    ...(detail === undefined ? {} : { detail }),
  };
}
