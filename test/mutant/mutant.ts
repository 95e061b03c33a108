/** A planted bug: one text of one file replaced by another, and the suite that must notice. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** The test file that must fail, or `simulation` for a search over histories. */
  readonly suite: string;
}
