// Verbs that change what agents, the gate or the budget let through.
//
//   override = "override" name sha text
//   vouch    = "vouch" [ sha ]
//   budget   = "budget" amount
//   sha      = 40 hexadecimal digits        ; in full: it says exactly what was looked at
//   amount   = [ "$" ] digits [ "." 1-2 digits ] [ "USD" ]     ; US dollars, more than 0, up to 999,999.99
import { accept, acceptAtEnd, refuse, refuseWord, takeText, takeWord, toLowerAscii } from '../argument.ts';
import { parseName } from './task-verbs.ts';
import type { VerbGrammar } from './verb-grammar.ts';

export const override: VerbGrammar = {
  usage: 'override <gate> <head-sha> <reason>',
  sentence: 'Lets one gate pass for this head only; it is listed in the verdict and void with the next push.',
  authority: 'maintain',
  effect: 'none',
  takesLinesBelow: false,
  parse: (piece) => {
    const first = takeWord(piece);
    const gate = parseName(first.word);
    if (gate === undefined) return refuseWord(first.word, 'the name of a gate');
    const second = takeWord(first.rest);
    if (!/^[0-9A-Fa-f]{40}$/.test(second.word.text))
      return refuseWord(second.word, 'the full commit hash of the head, 40 digits');
    const reason = takeText(second.rest);
    if (reason.text === '') return refuse('missing_argument', reason, 'the reason');
    return accept({ kind: 'override', gate, head: toLowerAscii(second.word.text), reason: reason.text });
  },
};

export const vouch: VerbGrammar = {
  usage: 'vouch [head-sha]',
  sentence:
    'Lets agents read what people without write permission wrote here, as it is now; with the head of a fork, lets that commit be executed in sandboxes.',
  authority: 'write',
  effect: 'starts',
  takesLinesBelow: false,
  parse: (piece) => {
    const { word, rest } = takeWord(piece);
    if (word.text === '') return accept({ kind: 'vouch' });
    return /^[0-9A-Fa-f]{40}$/.test(word.text)
      ? acceptAtEnd({ kind: 'vouch', head: toLowerAscii(word.text) }, rest)
      : refuseWord(word, 'nothing, or the full commit hash of the head, 40 digits');
  },
};

export const budget: VerbGrammar = {
  usage: 'budget <amount>',
  sentence: 'Sets what this run may cost, in US dollars.',
  authority: 'write',
  effect: 'none',
  takesLinesBelow: false,
  parse: (piece) => {
    const { word, rest } = takeWord(piece);
    const [, whole, fraction = ''] = /^\$?(\d{1,6})(?:\.(\d{1,2}))?(?:usd)?$/i.exec(word.text) ?? [];
    const microUsd = Number(whole) * 1_000_000 + Number(fraction.padEnd(2, '0')) * 10_000;
    if (whole === undefined || microUsd === 0) return refuseWord(word, 'an amount in US dollars, such as 5 or 12.50');
    const unit = takeWord(rest);
    return acceptAtEnd({ kind: 'budget', microUsd }, toLowerAscii(unit.word.text) === 'usd' ? unit.rest : rest);
  },
};
