import type { HtmlEscapedString } from 'hono/utils/html';

/** Escaped markup, made with Hono's `html` template: whatever is put into one is escaped unless it is Html itself. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** One or several pieces, or nothing: all of them can stand in a template. */
export type Markup = Html | readonly Markup[] | '';
