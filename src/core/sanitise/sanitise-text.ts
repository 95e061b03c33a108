// Makes text that people wrote fit for a prompt: what a person does not see on GitHub, a model does not see either, and
// what was taken out is counted. It deliberately does not judge what is visible; that is data, and stands in a fence.
import { StrippedKind } from '../model/input-report.ts';
import { findComments, findHiddenMarkup, type HiddenMarkup } from './find-hidden-markup.ts';
import { dropInvisible } from './invisible.ts';

export interface Sanitised {
  readonly text: string;
  /** Only kinds of which something was removed, in a fixed order. */
  readonly removed: readonly { readonly kind: StrippedKind; readonly count: number }[];
}

/** What GitHub accepts as one text, in UTF-16 units; longer text is no Markdown of a person, but a log. */
const maxMarkdownChars = 131_072;

export function sanitiseText(text: string): Sanitised {
  const counts = new Map<StrippedKind, number>();
  const count = (kind: StrippedKind): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const hidden = text.length > maxMarkdownChars ? findComments(text) : findHiddenMarkup(text);
  for (const { kind } of hidden) count(kind);
  const visible = dropInvisible(cutOut(text, hidden), count);
  return {
    text: visible,
    removed: StrippedKind.options.flatMap((kind) => (counts.has(kind) ? [{ kind, count: counts.get(kind) ?? 0 }] : [])),
  };
}

/** Two reports as one. */
export function addStripped(one: Sanitised['removed'], other: Sanitised['removed']): Sanitised['removed'] {
  const countOf = (kind: StrippedKind) =>
    [...one, ...other].reduce((sum, removed) => (removed.kind === kind ? sum + removed.count : sum), 0);
  return StrippedKind.options.flatMap((kind) => (countOf(kind) > 0 ? [{ kind, count: countOf(kind) }] : []));
}

function cutOut(text: string, hidden: readonly HiddenMarkup[]): string {
  let kept = '';
  let at = 0;
  for (const { start, end } of hidden) {
    kept += text.slice(at, start);
    at = end;
  }
  return kept + text.slice(at);
}
