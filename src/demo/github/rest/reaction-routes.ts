// Reactions on issues, pull requests and their comments. GitHub sends no webhook for them.
import { z } from 'zod';
import { addReaction, removeReaction } from '../action/comment.ts';
import { commentOf, issueOf, reviewCommentOf } from '../state/find.ts';
import { type Reaction, reactionContents } from '../state/issue.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import { reactionView } from '../view/issue-view.ts';
import type { RepositoryCall } from './call.ts';
import { listPage } from './paginate.ts';
import { type Answer, needs, noContent, type RepositoryNeed, type Route, repositoryRoute } from './route.ts';

type Target = (of: RepositoryCall) => { readonly reactions: Reaction[] };

function listReactions(of: RepositoryCall, target: Target): Promise<Answer> {
  const wanted = of.call.query.get('content');
  const listed = target(of).reactions.filter(({ createdAt }) => of.world.isListed(createdAt));
  const reactions = listed.filter(({ content }) => wanted === null || content === wanted);
  return listPage(of.call, reactions, (reaction) => reactionView(of.world, reaction));
}

/** 201 for a new one, 200 for one that was there. */
function createReaction(of: RepositoryCall, target: Target): Answer {
  const { call, world } = of;
  const { content } = call.read(z.object({ content: z.enum(reactionContents) }));
  const { reaction, isNew } = addReaction(world, target(of), { actor: call.actor, content });
  return { status: isNew ? 201 : 200, body: reactionView(world, reaction) };
}

function deleteReaction(of: RepositoryCall, target: Target): Answer {
  const id = of.call.number('reaction_id');
  const found = target(of);
  const reaction = found.reactions.find((one) => one.id === id);
  if (!reaction) throw notFound();
  if (reaction.user !== of.call.actor.login) throw new Refusal(403, 'Must be the author of the reaction');
  removeReaction(found, id);
  return noContent;
}

interface Needed {
  readonly toRead: RepositoryNeed;
  readonly toWrite: RepositoryNeed;
}

const ofIssue: Needed = { toRead: needs.readIssue, toWrite: needs.writeIssue };
const ofPull: Needed = { toRead: needs.readPulls, toWrite: needs.writePulls };

function routesFor(path: string, { toRead, toWrite }: Needed, target: Target): readonly Route[] {
  return [
    repositoryRoute(`GET ${path}/reactions`, toRead, (of) => listReactions(of, target)),
    repositoryRoute(`POST ${path}/reactions`, toWrite, (of) => createReaction(of, target)),
    repositoryRoute(`DELETE ${path}/reactions/{reaction_id}`, toWrite, (of) => deleteReaction(of, target)),
  ];
}

export const reactionRoutes: readonly Route[] = [
  ...routesFor('/issues/comments/{comment_id}', ofIssue, ({ call, repository }) =>
    commentOf(repository, call.number('comment_id')),
  ),
  ...routesFor('/issues/{issue_number}', ofIssue, ({ call, repository }) =>
    issueOf(repository, call.number('issue_number')),
  ),
  ...routesFor(
    '/pulls/comments/{comment_id}',
    ofPull,
    ({ call, repository }) => reviewCommentOf(repository, call.number('comment_id')).comment,
  ),
];
