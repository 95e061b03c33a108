import { html } from 'hono/html';
import { type ReactionContent, reactionContents } from '../state/issue.ts';
import type { ReactionSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { type IconName, icon } from './icon.ts';
import type { RepositoryView } from './page-view.ts';
import { renderForm } from './render-form.ts';

/** Drawn, because not every machine has a font for them. */
const symbols: Readonly<Record<ReactionContent, IconName>> = {
  '+1': 'react-thumbs-up',
  '-1': 'react-thumbs-down',
  laugh: 'react-laugh',
  confused: 'react-confused',
  heart: 'react-heart',
  hooray: 'react-hooray',
  rocket: 'react-rocket',
  eyes: 'react-eyes',
};

export interface ReactionTarget {
  readonly number: number;
  readonly commentId?: number;
}

export function renderReactions(
  reactions: readonly ReactionSnapshot[],
  target: ReactionTarget,
  view: RepositoryView,
): Html {
  const fields = { repository: view.repository.fullName, ...target };
  const choices = reactionContents.map((content) => {
    const picture = icon(symbols[content]);
    return html`<button type="submit" name="content" value="${content}" title="${content}">${picture}</button>`;
  });
  const id = `react-${target.number}-${target.commentId ?? 'issue'}`;
  return html`<div class="reactions">
    <details class="picker" id="${id}">
      <summary class="picker-button" title="React as ${view.actor}">${icon('smile')}</summary>
      ${renderForm(view, { verb: 'react', fields, content: choices })}
    </details>
    ${renderGivenReactions(reactions)}
  </div>`;
}

/** Those that there are, each kind once. */
export function renderGivenReactions(reactions: readonly ReactionSnapshot[]): Html[] {
  return reactionContents.flatMap((content) => {
    const users = reactions.filter((reaction) => reaction.content === content).map((reaction) => reaction.user);
    return users.length === 0 ? [] : [renderGiven(content, users)];
  });
}

function renderGiven(content: ReactionContent, users: readonly string[]): Html {
  return html`<span class="reaction" title="${users.join(', ')}" data-reaction="${content}">
    ${icon(symbols[content])} ${users.length}
  </span>`;
}
