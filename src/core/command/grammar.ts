import type { Verb } from './command.ts';
import { resolve } from './verb/conflict-verbs.ts';
import { budget, override, vouch } from './verb/gate-verbs.ts';
import { pause, stop } from './verb/halt-verbs.ts';
import {
  config,
  continueRun,
  finish,
  help,
  ignore,
  merge,
  rebase,
  recheck,
  resume,
  status,
  unignore,
  unmerge,
} from './verb/plain-verbs.ts';
import { dismiss, fix, review } from './verb/review-verbs.ts';
import { approve, deny, explain, retry, skip } from './verb/task-verbs.ts';
import { answer, plan, run, tell } from './verb/text-verbs.ts';
import type { VerbGrammar } from './verb/verb-grammar.ts';

/** All verbs, in the order in which help shows them. */
export const grammar: Readonly<Record<Verb, VerbGrammar>> = {
  run,
  plan,
  approve,
  deny,
  status,
  explain,
  tell,
  answer,
  stop,
  finish,
  pause,
  resume,
  continue: continueRun,
  retry,
  skip,
  review,
  recheck,
  fix,
  dismiss,
  rebase,
  resolve,
  override,
  vouch,
  merge,
  unmerge,
  budget,
  ignore,
  unignore,
  config,
  help,
};

/** The grammar of a verb in lower case; names of built-in object properties are no verbs. */
export function findVerb(word: string): VerbGrammar | undefined {
  return verbs.get(word);
}

export const verbNames: readonly string[] = Object.keys(grammar);

const verbs: ReadonlyMap<string, VerbGrammar> = new Map(Object.entries(grammar));
