import { html } from 'hono/html';
import type { Html } from './html.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export function renderTime(iso: string, nowIso: string): Html {
  return html`<time datetime="${iso}" title="${iso}">${relativeTime(Date.parse(nowIso) - Date.parse(iso), iso)}</time>`;
}

function relativeTime(ageMs: number, iso: string): string {
  if (Number.isNaN(ageMs)) return 'at an unknown time';
  if (ageMs < minuteMs) return 'just now';
  if (ageMs < hourMs) return countOf(ageMs / minuteMs, 'minute');
  if (ageMs < dayMs) return countOf(ageMs / hourMs, 'hour');
  return ageMs < 30 * dayMs ? countOf(ageMs / dayMs, 'day') : `on ${iso.slice(0, 10)}`;
}

function countOf(amount: number, unit: string): string {
  const count = Math.floor(amount);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
