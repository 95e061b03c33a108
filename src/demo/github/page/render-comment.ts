import { html } from 'hono/html';
import type { ReactionSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import type { RepositoryView } from './page-view.ts';
import { renderAuthor, renderAvatar } from './render-author.ts';
import { type ReactionTarget, renderReactions } from './render-reactions.ts';
import { renderTime } from './render-time.ts';

export interface CommentParts {
  /** For links to it. */
  readonly anchor: string;
  readonly author: string;
  readonly authorIsBot: boolean;
  readonly body: string;
  readonly createdAt: string;
  readonly isEdited: boolean;
  readonly reactions: readonly ReactionSnapshot[];
  readonly target: ReactionTarget;
}

export function renderComment(comment: CommentParts, view: RepositoryView): Html {
  const { snapshot, repository } = view;
  const isOwner = repository.fullName.startsWith(`${comment.author}/`);
  const body =
    comment.body.trim() === ''
      ? html`<p class="quiet"><em>No description provided.</em></p>`
      : renderMarkdown(comment.body, { repositoryPath: view.repositoryPath, origin: view.origin });
  const edited = comment.isEdited ? html`<span class="quiet">· edited</span>` : '';
  return html`<article class="comment" id="${comment.anchor}">
    ${renderAvatar(comment.author, comment.authorIsBot)}
    <div class="box">
      <header class="box-head">
        <span class="grow">
          ${renderAuthor(comment.author, comment.authorIsBot)}
          <a class="quiet" href="#${comment.anchor}">commented ${renderTime(comment.createdAt, snapshot.now)}</a>
          ${edited}
        </span>
        ${isOwner ? html`<span class="badge">Owner</span>` : ''}
      </header>
      <div class="box-body">${body}${renderReactions(comment.reactions, comment.target, view)}</div>
    </div>
  </article>`;
}
