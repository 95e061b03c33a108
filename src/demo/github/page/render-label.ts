import { html } from 'hono/html';
import type { Html } from './html.ts';
import type { RepositoryView } from './page-view.ts';

/** The colour is an SVG attribute because the pages' content policy allows no inline style. */
export function renderLabel(name: string, view: RepositoryView): Html {
  const label = view.repository.labels.find((candidate) => candidate.name === name);
  const color = label && /^[0-9a-f]{6}$/i.test(label.color) ? label.color : 'ededed';
  const tone = isLight(color) ? 'label-light' : 'label-dark';
  return html`<span class="label ${tone}" title="${label?.description ?? ''}">
    <svg class="label-color" aria-hidden="true"><rect width="100%" height="100%" fill="#${color}"/></svg>
    <span dir="auto">${name}</span>
  </span>`;
}

export function renderLabels(names: readonly string[], view: RepositoryView): Html {
  return html`<span class="labels">${names.map((name) => renderLabel(name, view))}</span>`;
}

function isLight(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 150;
}
