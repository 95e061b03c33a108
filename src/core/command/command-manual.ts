import { grammar } from './grammar.ts';
import type { Authority } from './verb/verb-grammar.ts';

export interface ManualEntry {
  /** What is written after the prefix. */
  readonly usage: string;
  readonly sentence: string;
  readonly authority: Authority;
}

/** Every command in the order of the help. The table in the README is held to it. */
export const commandManual: readonly ManualEntry[] = Object.values(grammar).map(({ usage, sentence, authority }) => ({
  usage,
  sentence,
  authority,
}));
