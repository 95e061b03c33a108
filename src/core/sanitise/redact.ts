// Takes secrets out of text: the last thing that every outward text passes.
import { createRun } from './create-run.ts';
import { hideShape } from './hide-shape.ts';
import { namedShapes } from './named-shape.ts';
import { redactedMark, type SecretShape, secretShapes } from './secret-shape.ts';

export interface Redacted {
  readonly text: string;
  /** How many secrets were found. */
  readonly count: number;
  /** The secrets themselves, to be compared and never to be shown or kept. */
  readonly found: readonly string[];
}

/** What has the shape of a secret, and what stands under the name of one. */
export function redact(text: string): Redacted {
  return finish(redactInSteps(text));
}

/** Only what has the telling shape of a secret: by this a push is stopped. */
export function redactShapes(text: string): Redacted {
  return finish(redactShapesInSteps(text));
}

/** As `redact`, with a stop after each look at a long text: whoever has others to serve can do that meanwhile. */
export function redactInSteps(text: string): Steps {
  return hideAll(text, [...secretShapes, ...namedShapes]);
}

export function redactShapesInSteps(text: string): Steps {
  return hideAll(text, secretShapes);
}

type Steps = Generator<undefined, Redacted>;

const longChars = 1_000_000;

function* hideAll(text: string, shapes: readonly SecretShape[]): Steps {
  // Private keys come first: they span lines and may hold what looks like other things.
  const keys = redactPrivateKeys(text);
  const found = [...keys.found];
  let kept = keys.text;
  for (const shape of shapes) {
    if (text.length > longChars) yield;
    kept = hideShape(kept, shape, found);
  }
  return { text: kept, count: found.length, found };
}

function finish(steps: Steps): Redacted {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
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
    at = isWhole ? endMarker.lastIndex : measureKeyText(text, begin.lastIndex);
    begin.lastIndex = at;
    found.push(text.slice(match.index, at));
  }
  return { text: kept + text.slice(at), found };
}

const keyHeader = /(?:Proc-Type|DEK-Info|Version|Comment):/y;
const keySigns = /(?:(?!(?:Proc-Type|DEK-Info|Version|Comment):)[A-Za-z0-9+/=\\\s]){1,4096}/y;
const headerValue = createRun('^\\r\\n\\\\"', 0);

/** Where it ends; in steps, as runs are measured. */
function measureKeyText(text: string, from: number): number {
  for (let end = from; ; ) {
    keyHeader.lastIndex = end;
    keySigns.lastIndex = end;
    if (keyHeader.test(text)) end = headerValue(text, keyHeader.lastIndex) ?? keyHeader.lastIndex;
    else if (keySigns.test(text)) end = keySigns.lastIndex;
    else return end;
  }
}
