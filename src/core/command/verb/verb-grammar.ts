import type { ParsedArguments, Piece } from '../argument.ts';

/** The least permission on the repository that a command asks for. */
export type Authority = 'read' | 'write' | 'maintain';

/** Everything there is to know about one verb. */
export interface VerbGrammar {
  /** As people write it, after the prefix. */
  readonly usage: string;
  /** One sentence for the help. */
  readonly sentence: string;
  readonly authority: Authority;
  /** `starts`: agents, models or merges may begin to work. `halts`: work ends, waits or is kept from beginning. */
  readonly effect: 'starts' | 'halts' | 'none';
  /** Whether the lines directly below belong to the command's text. */
  readonly takesLinesBelow: boolean;
  /** Whether all that follows in the comment belongs to it, whatever it looks like: what counts once must not be cut. */
  readonly takesComment?: true;
  /** `below`: those lines; empty unless they are taken. */
  readonly parse: (rest: Piece, below: readonly string[]) => ParsedArguments;
}
