// Verbs whose argument is what a person wants, in their own words. The text goes on over the lines directly below, list
// items among them, until a blank line, a quote, code, a heading, HTML or another command; of `tell` and `answer` all that
// follows in the comment, until another command.
//
//   run  = "run" [ "--workflow" name ] [ text ]
//   plan = "plan" [ text ]
//   tell = "tell" [ "--task" task ] text
//   answer = "answer" question text
//   question = name ; task = name
import { accept, type ParsedArguments, type Piece, refuse, refuseWord, takeText, takeWord } from '../argument.ts';
import { parseName } from './task-verbs.ts';
import type { VerbGrammar } from './verb-grammar.ts';

export const run: VerbGrammar = {
  usage: 'run [--workflow <name>] [text]',
  sentence: 'Plans the work and carries it out; the text adds to what the issue says.',
  authority: 'write',
  effect: 'starts',
  takesLinesBelow: true,
  parse: (rest, below) => {
    const { word, rest: after } = takeWord(rest);
    if (word.text.toLowerCase() !== '--workflow') return accept({ kind: 'run', text: joinText(rest, below) });
    const { word: named, rest: text } = takeWord(after);
    const workflow = parseName(named);
    if (workflow === undefined) return refuseWord(named, 'the name of a workflow');
    return accept({ kind: 'run', text: joinText(text, below), workflow });
  },
};

export const plan: VerbGrammar = {
  usage: 'plan [text]',
  sentence: 'Posts the tasks and waits for an approval.',
  authority: 'write',
  effect: 'starts',
  takesLinesBelow: true,
  parse: (rest, below) => accept({ kind: 'plan', text: joinText(rest, below) }),
};

export const tell: VerbGrammar = {
  usage: 'tell [--task <task>] <text>',
  sentence:
    'Tells something to the agents of a run, or of one task: to those at work at their next safe point, to later ones when they start.',
  authority: 'write',
  effect: 'none',
  takesLinesBelow: true,
  takesComment: true,
  parse: (rest, below) => {
    const { word, rest: after } = takeWord(rest);
    if (word.text.toLowerCase() !== '--task') return acceptTold(rest, below, {});
    const { word: named, rest: text } = takeWord(after);
    const task = parseName(named);
    return task === undefined ? refuseWord(named, 'the key of a task') : acceptTold(text, below, { task });
  },
};

export const answer: VerbGrammar = {
  usage: 'answer <question> <text>',
  sentence: 'Answers what an agent asked; the first answer is the one that counts.',
  authority: 'write',
  effect: 'starts',
  takesLinesBelow: true,
  takesComment: true,
  parse: (piece, below) => {
    const { word, rest } = takeWord(piece);
    const question = parseName(word);
    if (question === undefined) return refuseWord(word, 'the id of a question, such as r1-q1');
    const text = joinText(rest, below);
    return text === ''
      ? refuse('missing_argument', takeText(rest), 'the answer')
      : accept({ kind: 'answer', question, text });
  },
};

function acceptTold(rest: Piece, below: readonly string[], whom: { readonly task?: string }): ParsedArguments {
  const text = joinText(rest, below);
  return text === ''
    ? refuse('missing_argument', takeText(rest), 'the message')
    : accept({ kind: 'tell', text, ...whom });
}

function joinText(rest: Piece, below: readonly string[]): string {
  const text = [rest.text, ...below].join('\n');
  return takeText({ text, column: rest.column }).text;
}
