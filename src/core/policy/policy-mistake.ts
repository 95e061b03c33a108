/** Something in the file that does not apply, and what would. */
export interface PolicyMistake {
  readonly kind: /** The file is no YAML: nothing of it applies. */
    | 'syntax'
    /** The file is too large to be read: nothing of it applies. */
    | 'too_large'
    /** There are more mistakes than are told, about nobody knows what. */
    | 'too_many'
    | 'unknown_key'
    | 'duplicate_key'
    | 'bad_value';
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** The key with the sections above it, such as `verify.commands`; empty for the file as a whole. */
  readonly path: string;
  /** What stands there, cut. */
  readonly found: string;
  readonly expected: string;
  /** The key that was probably meant, with its section where that is another one. */
  readonly nearest?: string;
  /** The repository that the file is in, where it is the organisation's. */
  readonly file?: string;
  /** Keys here that the file itself said when it was last right: that is in force. Nobody ever said anything of the others. */
  readonly kept?: readonly string[];
}
