// Verbs about reviews and their findings.
//
//   review  = "review" [ "full" ] [ text ]
//   fix     = "fix" ( "comments" | "ci" | { finding [ "," ] } )
//   dismiss = "dismiss" finding text
//   finding = "F-" 1-16 letters or digits   ; any case, any Unicode hyphen, as phones like to write it
import { accept, type Piece, refuse, refuseWord, takeText, takeWord, toLowerAscii } from '../argument.ts';
import type { VerbGrammar } from './verb-grammar.ts';

const findingExpected = 'the id of a finding, such as F-3';
const maxFindings = 50;

export const review: VerbGrammar = {
  usage: 'review [full] [focus]',
  sentence: 'Reviews this head, as deep as its risk asks for or in full.',
  authority: 'write',
  effect: 'starts',
  takesLinesBelow: false,
  parse: (piece) => {
    const { word, rest } = takeWord(piece);
    const isFull = toLowerAscii(word.text) === 'full';
    const focus = takeText(isFull ? rest : piece).text;
    return accept(focus === '' ? { kind: 'review', isFull } : { kind: 'review', isFull, focus });
  },
};

export const fix: VerbGrammar = {
  usage: 'fix [comments|ci|F-id …]',
  sentence:
    'Lets an agent work on the named findings or all that are confirmed, on review comments, or on failed checks.',
  authority: 'write',
  effect: 'starts',
  takesLinesBelow: false,
  parse: (piece) => {
    const first = takeWord(piece);
    const of = toLowerAscii(first.word.text);
    if (of === 'comments' || of === 'ci') {
      const { word: further } = takeWord(first.rest);
      return further.text === ''
        ? accept({ kind: 'fix', findings: [], of })
        : refuse('unexpected_text', further, `nothing after "${of}"`);
    }
    const findings = new Set<string>();
    for (let { word, rest } = takeWord(piece); word.text !== ''; { word, rest } = takeWord(rest)) {
      for (const part of splitAtCommas(word)) {
        const finding = parseFinding(part);
        if (finding === undefined) return refuseWord(part, findingExpected);
        if (findings.size === maxFindings) return refuse('unexpected_text', part, `at most ${maxFindings} findings`);
        findings.add(finding);
      }
    }
    return accept({ kind: 'fix', findings: [...findings] });
  },
};

export const dismiss: VerbGrammar = {
  usage: 'dismiss <F-id> <reason>',
  sentence: 'Rejects a finding; the reason is kept with the commit.',
  authority: 'write',
  effect: 'none',
  takesLinesBelow: false,
  parse: (piece) => {
    const { word, rest } = takeWord(piece);
    const finding = parseFinding(word);
    if (finding === undefined) return refuseWord(word, findingExpected);
    const reason = takeText(rest);
    return reason.text === ''
      ? refuse('missing_argument', reason, 'the reason')
      : accept({ kind: 'dismiss', finding, reason: reason.text });
  },
};

function parseFinding(word: Piece): string | undefined {
  const [, id] = /^[Ff]\p{Pd}([A-Za-z0-9]{1,16})$/u.exec(word.text) ?? [];
  return id === undefined ? undefined : `F-${toLowerAscii(id)}`;
}

function splitAtCommas(word: Piece): Piece[] {
  let { column } = word;
  return word.text.split(',').flatMap((text) => {
    const part = { text, column };
    column += text.length + 1;
    return text === '' ? [] : [part];
  });
}
