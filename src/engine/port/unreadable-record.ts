/**
 * What is kept of a record cannot be read by this version, though it is not said to be a newer one's: a bug, or data
 * that was damaged. Thrown by the store, so that whoever looks at many records can go on with the others.
 */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
  /** The store's clock. */
  readonly now: number;

  constructor(now: number, cause: unknown) {
    super(`what is kept of it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.now = now;
  }
}
