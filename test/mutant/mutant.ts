/** A planted bug: one text of one file replaced by another, and the suite that must notice. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly suite: 'simulation' | 'contract';
}
