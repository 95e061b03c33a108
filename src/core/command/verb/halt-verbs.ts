// Verbs that hold work. They fail safe: whatever stands after them is kept as the reason and never stops the stop.
//
//   stop  = "stop" [ text ]
//   pause = "pause" [ text ]
import { accept, takeText } from '../argument.ts';
import type { VerbGrammar } from './verb-grammar.ts';

function halt(kind: 'stop' | 'pause', sentence: string): VerbGrammar {
  const parse: VerbGrammar['parse'] = (rest) => {
    const { text } = takeText(rest);
    return accept(text === '' ? { kind } : { kind, reason: text });
  };
  return { usage: `${kind} [reason]`, sentence, authority: 'write', effect: 'halts', takesLinesBelow: false, parse };
}

export const stop = halt('stop', 'Ends the run now and keeps what is done; whoever opened the pull request may, too.');
export const pause = halt('pause', 'Holds the run at the next boundary.');
