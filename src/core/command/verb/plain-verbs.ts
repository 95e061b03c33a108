// Verbs that take nothing.
//
//   plain = "status" | "finish" | "resume" | "continue" | "recheck" | "rebase" | "merge" | "unmerge"
//         | "ignore" | "unignore" | "config" | "help"
import { acceptAtEnd } from '../argument.ts';
import type { Verb } from '../command.ts';
import type { Authority, VerbGrammar } from './verb-grammar.ts';

type PlainVerb = Extract<
  Verb,
  | 'status'
  | 'finish'
  | 'resume'
  | 'continue'
  | 'recheck'
  | 'rebase'
  | 'merge'
  | 'unmerge'
  | 'ignore'
  | 'unignore'
  | 'config'
  | 'help'
>;

function plain(
  verb: PlainVerb,
  sentence: string,
  about: { authority: Authority; effect: VerbGrammar['effect'] },
): VerbGrammar {
  const parse: VerbGrammar['parse'] = (rest) => acceptAtEnd({ kind: verb }, rest);
  return { usage: verb, sentence, ...about, takesLinesBelow: false, parse };
}

const reads = { authority: 'read', effect: 'none' } as const;
const writes = { authority: 'write', effect: 'none' } as const;
const starts = { authority: 'write', effect: 'starts' } as const;
const halts = { authority: 'write', effect: 'halts' } as const;

export const status = plain('status', 'Says where things stand.', reads);
export const help = plain('help', 'Lists the commands.', reads);
export const config = plain(
  'config',
  'Shows the settings in force, where each comes from, and every agent, workflow and skill.',
  writes,
);
export const finish = plain('finish', 'Ends the run after the tasks that are running and keeps what they made.', halts);
export const resume = plain('resume', 'Goes on after a pause.', starts);
export const continueRun = plain('continue', 'Goes on after a limit was reached, with the limit raised.', starts);
export const recheck = plain('recheck', 'Evaluates the gate again, without a model where nothing changed.', starts);
export const rebase = plain('rebase', 'Brings the base branch in and verifies again.', starts);
export const merge = plain('merge', 'Merges this head as soon as the gate is open for it.', starts);
export const unmerge = plain('unmerge', 'Takes a merge back that has not happened yet.', halts);
export const ignore = plain('ignore', 'Leaves this issue or pull request alone.', halts);
export const unignore = plain('unignore', 'Takes part in this issue or pull request again.', writes);
