// Comments on issues and pull requests.
import { z } from 'zod';
import { createComment, deleteComment, editComment } from '../action/comment.ts';
import { commentOf, commentsOf, issueOf } from '../state/find.ts';
import type { Comment } from '../state/issue.ts';
import { commentView } from '../view/issue-view.ts';
import type { RepositoryCall } from './call.ts';
import { requireAuthor } from './issue-routes.ts';
import { listPage } from './paginate.ts';
import { type Answer, created, needs, noContent, ok, type Route, repositoryRoute } from './route.ts';

const Body = z.object({ body: z.string() });

function since(comments: readonly Comment[], query: URLSearchParams): readonly Comment[] {
  const earliest = Date.parse(query.get('since') ?? '') || 0;
  return comments.filter((comment) => comment.updatedAt >= earliest);
}

/** Of one issue: oldest first. */
function listOfIssue({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const issue = issueOf(repository, call.number('issue_number'));
  const listed = commentsOf(repository, issue.number).filter(({ createdAt }) => world.isListed(createdAt));
  const comments = since(listed, call.query);
  return listPage(call, comments, (comment) => commentView(world, repository, comment));
}

/** Of the repository: by id, unless sorted. */
function listOfRepository({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const sort = call.query.get('sort');
  const key = sort === 'updated' ? 'updatedAt' : 'createdAt';
  const comments = since([...repository.comments.values()], call.query).toSorted((one, other) => one[key] - other[key]);
  const newestFirst = sort !== null && call.query.get('direction') === 'desc';
  return listPage(call, newestFirst ? comments.toReversed() : comments, (one) => commentView(world, repository, one));
}

export const commentRoutes: readonly Route[] = [
  repositoryRoute('GET /issues/comments', needs.readIssues, listOfRepository),
  repositoryRoute('GET /issues/comments/{comment_id}', needs.readIssue, ({ call, world, repository }) =>
    ok(commentView(world, repository, commentOf(repository, call.number('comment_id')))),
  ),
  repositoryRoute('PATCH /issues/comments/{comment_id}', needs.writeIssue, ({ call, world, repository }) => {
    const comment = commentOf(repository, call.number('comment_id'));
    requireAuthor(call, repository, comment.author);
    editComment(world, repository, { actor: call.actor, comment, body: call.read(Body).body });
    return ok(commentView(world, repository, comment));
  }),
  repositoryRoute('DELETE /issues/comments/{comment_id}', needs.writeIssue, ({ call, world, repository }) => {
    const comment = commentOf(repository, call.number('comment_id'));
    requireAuthor(call, repository, comment.author);
    deleteComment(world, repository, { actor: call.actor, comment });
    return noContent;
  }),
  repositoryRoute('GET /issues/{issue_number}/comments', needs.readIssue, listOfIssue),
  repositoryRoute('POST /issues/{issue_number}/comments', needs.writeIssue, ({ call, world, repository }) => {
    const issue = issueOf(repository, call.number('issue_number'));
    const comment = createComment(world, repository, { actor: call.actor, issue, body: call.read(Body).body });
    return created(commentView(world, repository, comment));
  }),
];
