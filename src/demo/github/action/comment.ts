import type { Actor } from '../state/actor.ts';
import { issueOf } from '../state/find.ts';
import type { Comment, Issue, Reaction, ReactionContent } from '../state/issue.ts';
import { invalid, notFound } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { announceComment, viaPart } from './announce.ts';
import { checkBody } from './limit.ts';

export function createComment(
  world: World,
  repository: Repository,
  of: { actor: Actor; issue: Issue; body: string; at?: number },
): Comment {
  const { actor, issue, body, at = world.now() } = of;
  checkText(body);
  const comment: Comment = {
    id: world.nextId(),
    number: issue.number,
    author: actor.login,
    ...viaPart(actor),
    body,
    createdAt: at,
    updatedAt: at,
    reactions: [],
  };
  repository.comments.set(comment.id, comment);
  issue.updatedAt = at;
  announceComment(world, repository, { issue, comment, actor, action: 'created' });
  return comment;
}

export function editComment(
  world: World,
  repository: Repository,
  of: { actor: Actor; comment: Comment; body: string },
): void {
  const { actor, comment, body } = of;
  checkText(body);
  const from = comment.body;
  if (from === body) return;
  comment.body = body;
  comment.updatedAt = world.now();
  const extra = { changes: { body: { from } } };
  const issue = issueOf(repository, comment.number);
  announceComment(world, repository, { issue, comment, actor, action: 'edited', extra });
}

export function deleteComment(world: World, repository: Repository, of: { actor: Actor; comment: Comment }): void {
  const issue = issueOf(repository, of.comment.number);
  repository.comments.delete(of.comment.id);
  announceComment(world, repository, { issue, ...of, action: 'deleted' });
}

function checkText(body: string): void {
  if (body.trim() === '') throw invalid({ resource: 'IssueComment', field: 'body', code: 'missing_field' });
  checkBody('IssueComment', body);
}

/** One reaction of a kind for each user: the same again is the old one, and `isNew` is false. */
export function addReaction(
  world: World,
  to: { readonly reactions: Reaction[] },
  of: { actor: Actor; content: ReactionContent },
): { reaction: Reaction; isNew: boolean } {
  const old = to.reactions.find(({ user, content }) => user === of.actor.login && content === of.content);
  if (old) return { reaction: old, isNew: false };
  const reaction = { id: world.nextId(), user: of.actor.login, content: of.content, createdAt: world.now() };
  to.reactions.push(reaction);
  return { reaction, isNew: true };
}

export function removeReaction(from: { readonly reactions: Reaction[] }, id: number): void {
  const position = from.reactions.findIndex((reaction) => reaction.id === id);
  if (position < 0) throw notFound();
  from.reactions.splice(position, 1);
}
