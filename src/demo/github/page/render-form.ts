import { html } from 'hono/html';
import type { FormVerb } from './form-verbs.ts';
import type { Html, Markup } from './html.ts';
import type { PageView } from './page-view.ts';

export interface FormParts {
  readonly verb: FormVerb;
  /** Sent along unseen. */
  readonly fields: Readonly<Record<string, string | number>>;
  readonly content: Markup;
  readonly style?: 'stacked' | 'inline';
  /** For a button outside the form. */
  readonly id?: string;
}

/** A form that acts as the chosen person and comes back to the page it is on. */
export function renderForm(view: PageView, { verb, fields, content, style = 'inline', id = '' }: FormParts): Html {
  const hidden = Object.entries({ as: view.actor, back: view.here, ...fields });
  return html`<form class="form-${style}" method="post" action="/-/do/${verb}" ${id === '' ? '' : html`id="${id}"`}>
    ${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
    ${content}
    <p class="problem" role="alert" hidden></p>
  </form>`;
}

export function renderButton(label: string, kind: 'primary' | 'plain' | 'quiet' = 'plain'): Html {
  return html`<button type="submit" class="button button-${kind}">${label}</button>`;
}

/** A form that is out of the way until it is wanted. */
export function renderFold(id: string, title: string, content: Markup): Html {
  return html`<details class="box fold" id="${id}">
    <summary class="box-head" dir="auto">${title}</summary>
    <div class="box-body">${content}</div>
  </details>`;
}
