type CommandMistakeKind =
  /** The prefix stands alone. */
  | 'missing_verb'
  | 'unknown_verb'
  | 'missing_argument'
  | 'bad_argument'
  /** The command takes nothing, or nothing more. */
  | 'unexpected_text'
  /** One comment asks to start and to stop. */
  | 'conflicting'
  /** The paragraph, or the whole comment, is too large or too full of markup to tell text from code. */
  | 'too_complex';

/** Something that looks like a command and is none, with what a reply needs to say what to write instead. */
export interface CommandMistake {
  readonly kind: CommandMistakeKind;
  /** 1-based, in the comment. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** The verb, when it is known. */
  readonly verb?: string;
  /** What stands there, visible characters only and cut; written by a stranger, so quote it. */
  readonly found: string;
  readonly expected: string;
  readonly didYouMean?: string;
}
