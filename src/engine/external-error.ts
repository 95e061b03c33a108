/** When it makes sense to try again: after a normal backoff, never, or not before a stated moment (epoch ms). */
export type Retry = 'soon' | 'never' | { readonly at: number };

/** The system outside the process that failed. */
export type ExternalSystem = 'github' | 'model' | 'git' | 'redis' | 'sandbox' | 'agent' | 'disk';

/**
 * The outside world failed: thrown by adapters only, always with what is known about retrying.
 * A person's mistake is a value and a bug is a plain error; neither is ever an ExternalError.
 */
export class ExternalError extends Error {
  override readonly name = 'ExternalError';
  readonly system: ExternalSystem;
  readonly retry: Retry;

  constructor(options: { system: ExternalSystem; message: string; retry: Retry; cause?: unknown }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.system = options.system;
    this.retry = options.retry;
  }
}
