import { html } from 'hono/html';
import type { Html } from './html.ts';

const toneCount = 8;

/** A person's mark and name; bots get their badge, as on GitHub. */
export function renderAuthor(login: string, isBot: boolean): Html {
  const name = html`<strong class="login" dir="auto">${login.replace(/\[bot\]$/, '')}</strong>`;
  return isBot ? html`${name} <span class="badge">bot</span>` : name;
}

/** Stands for the picture, which would have to come from outside. */
export function renderAvatar(login: string, isBot: boolean): Html {
  const letters =
    login
      .replace(/[^\p{L}\p{N}]/gu, '')
      .slice(0, 2)
      .toUpperCase() || '?';
  const tone = [...login].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % toneCount;
  return html`<span class="avatar tone-${tone} ${isBot ? 'avatar-bot' : ''}" aria-hidden="true">${letters}</span>`;
}
