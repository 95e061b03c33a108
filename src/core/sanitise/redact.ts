// Takes secrets out of text: the last thing that every outward text passes.
import { redactNamed } from './redact-named.ts';
import { redactedMark, secretShapes } from './secret-shape.ts';

export interface Redacted {
  readonly text: string;
  /** How many secrets were found. */
  readonly count: number;
  /** The secrets themselves, to be compared and never to be shown or kept. */
  readonly found: readonly string[];
}

/** What has the shape of a secret, and what stands under the name of one. */
export function redact(text: string): Redacted {
  const shaped = redactShapes(text);
  const named = redactNamed(shaped.text);
  const found = [...shaped.found, ...named.found];
  return { text: named.text, count: found.length, found };
}

/** Only what has the telling shape of a secret: by this a push is stopped. */
export function redactShapes(text: string): Redacted {
  // Private keys come first: they span lines and may hold what looks like other things.
  const keys = redactPrivateKeys(text);
  let result = keys.text;
  const found = [...keys.found];
  for (const { pattern, replace } of secretShapes) {
    result = result.replace(pattern, (match: string, ...rest: unknown[]) => {
      const replacement = replace(match, rest.filter((group) => typeof group === 'string').slice(0, -1));
      if (replacement === undefined) return match;
      found.push(match);
      return replacement;
    });
  }
  return { text: result, count: found.length, found };
}

const maxKeyChars = 20_000;

/** From the first marker to the last. Without the last one, as much as may be the text of a key. */
function redactPrivateKeys(text: string): Pick<Redacted, 'text' | 'found'> {
  const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  const endMarker = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  let end = endMarker.exec(text);
  let kept = '';
  let at = 0;
  const found: string[] = [];
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    while (end !== null && end.index < begin.lastIndex) end = endMarker.exec(text);
    const isWhole = end !== null && end.index - begin.lastIndex <= maxKeyChars;
    kept += text.slice(at, match.index) + redactedMark;
    at = isWhole ? endMarker.lastIndex : begin.lastIndex + measureKeyText(text, begin.lastIndex);
    begin.lastIndex = at;
    found.push(text.slice(match.index, at));
  }
  return { text: kept + text.slice(at), found };
}

function measureKeyText(text: string, from: number): number {
  const keyText = /(?:[A-Za-z0-9+/=\\\s]|(?:Proc-Type|DEK-Info):[^\r\n]*)*/y;
  keyText.lastIndex = from;
  return keyText.exec(text)?.[0].length ?? 0;
}
