// Characters that take part in a text without being seen in it: everything that Unicode lets renderers show as nothing,
// control characters but tab and line ends, line separators that Markdown does not know, and halves of characters.
//
// What is kept, because ordinary writing needs it: letters of every direction; the joiner inside an emoji sequence, and
// joiner and non-joiner between letters of the scripts that are written with them; one variation selector after the
// emoji that it belongs to. Each is kept alone only: a row of them is a way to hide text. Direction marks go, the letters
// they were put around stay; flags that are spelt with tag characters (England, Scotland, Wales) become a plain flag.

export type InvisibleKind = 'zero_width' | 'bidi' | 'tag' | 'variation_selector' | 'control';

const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cs}\u2028\u2029\ufff9-\ufffb]|(?![\t\n\r])\p{Cc}/gu;
/** A terminal's colour and cursor sequences are one control each, else their visible half would stay. */
const invisibleOrSequence = new RegExp(`\\u001b\\[[0-9;?]*[A-Za-z]|${invisible.source}`, 'gu');

const joinedScripts =
  'Arabic Syriac Nko Mandaic Mongolian Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam ' +
  'Sinhala Khmer Myanmar Tibetan Balinese Javanese';
const joinedLetter = new RegExp(
  `^[${joinedScripts
    .split(' ')
    .map((script) => `\\p{Script_Extensions=${script}}`)
    .join('')}]$`,
  'u',
);
const emojiEnd = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
const keycap = /^[0-9#*]$/;

/** For words that are compared with names: whatever is not seen does not count. */
export function stripInvisible(text: string): string {
  return text.replace(invisible, '');
}

/** Drops what hides and keeps what writing needs; calls `onDropped` for each. Line separators become line ends. */
export function dropInvisible(text: string, onDropped: (kind: InvisibleKind) => void): string {
  return text.replace(invisibleOrSequence, (found, offset: number) => {
    if (isNeeded(found, charBefore(text, offset), charAfter(text, offset + found.length))) return found;
    onDropped(toKind(found));
    return found === '\u2028' || found === '\u2029' ? '\n' : '';
  });
}

function isNeeded(found: string, before: string, after: string): boolean {
  if (found === '\u200d' && emojiEnd.test(before) && /^\p{Extended_Pictographic}$/u.test(after)) return true;
  if (found === '\u200d' || found === '\u200c') return joinedLetter.test(before) && joinedLetter.test(after);
  if (found !== '\ufe0f' && found !== '\ufe0e') return false;
  return keycap.test(before) ? after === '\u20e3' : /^\p{Extended_Pictographic}$/u.test(before);
}

function toKind(found: string): InvisibleKind {
  if (/^[\u{e0000}-\u{e007f}]/u.test(found)) return 'tag';
  if (/^[\ufe00-\ufe0f\u180b-\u180d\u180f\u{e0100}-\u{e01ef}]/u.test(found)) return 'variation_selector';
  if (/^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(found)) return 'bidi';
  return /^[\p{Cc}\p{Cs}\u2028\u2029]/u.test(found) ? 'control' : 'zero_width';
}

function charBefore(text: string, offset: number): string {
  const isPair = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, offset - 2), offset));
  return text.slice(Math.max(0, offset - (isPair ? 2 : 1)), offset);
}

function charAfter(text: string, offset: number): string {
  const point = text.codePointAt(offset);
  return point === undefined ? '' : String.fromCodePoint(point);
}
