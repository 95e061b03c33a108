/** Something in a resource that does not apply, as one plain sentence for whoever wrote the file. */
export interface ResourceMistake {
  /** 1-based, in the file. */
  readonly line: number;
  readonly text: string;
}
