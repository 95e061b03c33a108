import { raw } from 'hono/html';
import type { Html } from './html.ts';

// Drawn on a 16 by 16 grid, in the colour of the text around them.
const drawings = {
  'issue-open': '<circle cx="8" cy="8" r="6.25"/><circle cx="8" cy="8" r="1.5" class="solid"/>',
  'issue-closed': '<circle cx="8" cy="8" r="6.25"/><path d="M5.3 8.2l1.9 1.9 3.6-3.9"/>',
  pull: '<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="12.5" r="1.75"/><path d="M4 5.25v5.5M12 10.75V6.5a2 2 0 0 0-2-2H7.5M9.3 2.6L7.4 4.5l1.9 1.9"/>',
  draft:
    '<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="12.5" r="1.75"/><path d="M4 5.25v5.5M12 7.2v.6M12 3.4v.6"/>',
  merge:
    '<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="8.5" r="1.75"/><path d="M4 5.25v5.5M4 5.5c.4 2 2.4 3 6.2 3"/>',
  branch:
    '<circle cx="4" cy="3.5" r="1.75"/><circle cx="4" cy="12.5" r="1.75"/><circle cx="12" cy="4.5" r="1.75"/><path d="M4 5.25v5.5M12 6.25c0 2.5-8 1.5-8 4.5"/>',
  commit: '<circle cx="8" cy="8" r="2.75"/><path d="M.8 8h4.4M10.8 8h4.4"/>',
  comment: '<path d="M2 3.25h12v8H7.5L4.5 13.75v-2.5H2z"/>',
  tag: '<path d="M2 2h5.5l6.5 6.5-5.5 5.5L2 7.5z"/><circle cx="5" cy="5" r=".9" class="solid"/>',
  pencil: '<path d="M2.5 13.5l.8-3L10.8 3l2.2 2.2-7.5 7.5z"/>',
  eye: '<path d="M1.25 8S3.75 3.5 8 3.5 14.75 8 14.75 8 12.25 12.5 8 12.5 1.25 8 1.25 8z"/><circle cx="8" cy="8" r="1.9"/>',
  repository: '<path d="M3 2.25h10v11.5H4.5A1.5 1.5 0 0 1 3 12.25zM3 12.25a1.5 1.5 0 0 1 1.5-1.5H13"/>',
  success: '<path d="M3 8.4l3.3 3.3L13 4.8"/>',
  failure: '<path d="M4 4l8 8M12 4l-8 8"/>',
  attention: '<path d="M8 2.2l6.4 11.3H1.6z"/><path d="M8 6.5v3.2M8 11.4v.4"/>',
  waiting: '<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.3 1.5"/>',
  running: '<circle cx="8" cy="8" r="6" class="faint"/><path d="M8 2a6 6 0 0 1 6 6"/>',
  neutral: '<rect x="3.5" y="3.5" width="9" height="9" rx="1.5"/>',
  stopped: '<circle cx="8" cy="8" r="6"/><path d="M3.9 3.9l8.2 8.2"/>',
  smile:
    '<circle cx="8" cy="8" r="6.25"/><path d="M5.2 9.3c.6 1.1 1.6 1.7 2.8 1.7s2.2-.6 2.8-1.7M5.9 6.2v.4M10.1 6.2v.4"/>',
  mark: '<circle cx="4" cy="4" r="2"/><circle cx="4" cy="12" r="2"/><circle cx="12.2" cy="8" r="2"/><path d="M4 6v4M5.7 5.2l4.8 2M5.7 10.8l4.8-2"/>',
  'react-thumbs-up':
    '<path d="M5.5 7.3L8.3 2c1.2 0 1.8.9 1.5 2.1l-.5 2.2h3.2c1 0 1.6.9 1.4 1.8l-1 4.2c-.2.8-.8 1.2-1.5 1.2H5.5zM2.2 7.3h3.3v6.2H2.2z"/>',
  'react-thumbs-down':
    '<path d="M5.5 8.7L8.3 14c1.2 0 1.8-.9 1.5-2.1l-.5-2.2h3.2c1 0 1.6-.9 1.4-1.8l-1-4.2c-.2-.8-.8-1.2-1.5-1.2H5.5zM2.2 8.7h3.3V2.5H2.2z"/>',
  'react-laugh':
    '<circle cx="8" cy="8" r="6.25"/><path d="M4.8 8.8h6.4c-.2 1.9-1.5 3-3.2 3s-3-1.1-3.2-3zM4.9 6.4l1.3-.9M11.1 6.4l-1.3-.9"/>',
  'react-confused': '<circle cx="8" cy="8" r="6.25"/><path d="M5.5 11l4.8-1.2M5.9 6.2v.4M10.1 6.2v.4"/>',
  'react-heart': '<path d="M8 13.5S2 9.8 2 5.9A3.1 3.1 0 0 1 8 4.8a3.1 3.1 0 0 1 6 1.1C14 9.8 8 13.5 8 13.5z"/>',
  'react-hooray':
    '<path d="M2.2 13.8L5.5 5.5l5 5zM8.5 4.5c1-.6 1.2-1.6.9-2.7M11.5 7.5c.6-1 1.6-1.2 2.7-.9M10.3 5.7l3-3"/>',
  'react-rocket':
    '<path d="M8 1.2c2 1.5 3 3.9 3 6.8v3.5H5V8c0-2.9 1-5.3 3-6.8zM5 8.3L2.8 11v2L5 11.5M11 8.3l2.2 2.7v2L11 11.5M6.8 13.8v.9M9.2 13.8v.9"/><circle cx="8" cy="6.5" r="1.1"/>',
  'react-eyes':
    '<ellipse cx="4.8" cy="8" rx="2.8" ry="4.5"/><ellipse cx="11.2" cy="8" rx="2.8" ry="4.5"/><circle cx="5.8" cy="8.8" r="1.2" class="solid"/><circle cx="12.2" cy="8.8" r="1.2" class="solid"/>',
} as const;

export type IconName = keyof typeof drawings;

export function icon(name: IconName): Html {
  return raw(
    `<svg class="icon icon-${name}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${drawings[name]}</svg>`,
  );
}
