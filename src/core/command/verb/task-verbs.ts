// Verbs about the tasks of a run.
//
//   approve = "approve" [ plan-id ]
//   deny    = "deny" text
//   explain = "explain" [ name ]           ; a task, "gate", "delivery" or the id of one: looked up, not parsed
//   retry   = "retry" [ "failed" | task ]
//   skip    = "skip" task text
//   plan-id = name ; task = name ; name = word of letters, digits, "-", "_", "." and "/", beginning with a letter or digit
import { accept, acceptAtEnd, type Piece, refuse, refuseWord, takeText, takeWord, toLowerAscii } from '../argument.ts';
import type { VerbGrammar } from './verb-grammar.ts';

const maxNameChars = 100;

/** A name in lower case; undefined when the word cannot be one. */
export function parseName(word: Piece): string | undefined {
  const isName = word.text.length <= maxNameChars && /^[A-Za-z0-9][A-Za-z0-9_./-]*$/.test(word.text);
  return isName ? toLowerAscii(word.text) : undefined;
}

export const approve: VerbGrammar = {
  usage: 'approve [plan-id]',
  sentence: 'Carries out exactly the plan that was posted.',
  authority: 'write',
  effect: 'starts',
  takesLinesBelow: false,
  parse: (piece) => {
    const { word, rest } = takeWord(piece);
    if (word.text === '') return accept({ kind: 'approve' });
    const planId = parseName(word);
    return planId === undefined
      ? refuseWord(word, 'the id of a posted plan')
      : acceptAtEnd({ kind: 'approve', planId }, rest);
  },
};

export const deny: VerbGrammar = {
  usage: 'deny <reason>',
  sentence: 'Does not let through what waits for a person, and tells whoever works on it next why.',
  authority: 'write',
  effect: 'starts',
  takesLinesBelow: true,
  parse: (piece) => {
    const reason = takeText(piece);
    return reason.text === ''
      ? refuse('missing_argument', reason, 'the reason')
      : accept({ kind: 'deny', reason: reason.text });
  },
};

export const explain: VerbGrammar = {
  usage: 'explain [gate|task|delivery]',
  sentence:
    'Says why something is not done yet, what was decided after failures, and what became of what was delivered.',
  authority: 'read',
  effect: 'none',
  takesLinesBelow: false,
  parse: (piece) => {
    const { word, rest } = takeWord(piece);
    if (word.text === '') return accept({ kind: 'explain' });
    const about = parseName(word);
    return about === undefined
      ? refuseWord(word, 'the key of a task, "gate", "delivery" or the id of a delivery or comment')
      : acceptAtEnd({ kind: 'explain', about }, rest);
  },
};

export const retry: VerbGrammar = {
  usage: 'retry [task|failed]',
  sentence: 'Tries one task again, or everything that failed.',
  authority: 'write',
  effect: 'starts',
  takesLinesBelow: false,
  parse: (piece) => {
    const { word, rest } = takeWord(piece);
    if (word.text === '') return accept({ kind: 'retry' });
    const task = parseName(word);
    if (task === undefined) return refuseWord(word, 'the key of a task, or "failed"');
    return acceptAtEnd(task === 'failed' ? { kind: 'retry' } : { kind: 'retry', task }, rest);
  },
};

export const skip: VerbGrammar = {
  usage: 'skip <task> <reason>',
  sentence: 'Leaves a task out, and with it what depends on it.',
  authority: 'write',
  effect: 'none',
  takesLinesBelow: false,
  parse: (piece) => {
    const { word, rest } = takeWord(piece);
    const task = parseName(word);
    if (task === undefined) return refuseWord(word, 'the key of a task');
    const reason = takeText(rest);
    return reason.text === ''
      ? refuse('missing_argument', reason, 'the reason')
      : accept({ kind: 'skip', task, reason: reason.text });
  },
};
