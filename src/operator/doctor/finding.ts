/** One line of what was looked at. */
export interface Finding {
  /** Names the check for machines, such as `redis.fsync`. */
  readonly check: string;
  /** The repository that it is about. */
  readonly repository?: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  /** One sentence without full stop. */
  readonly what: string;
  /** One sentence with what to do; there unless the verdict is `ok`. */
  readonly mend?: string;
}

export function ok(check: string, what: string): Finding {
  return { check, verdict: 'ok', what };
}

export function warn(check: string, what: string, mend: string): Finding {
  return { check, verdict: 'warn', what, mend };
}

export function fail(check: string, what: string, mend: string): Finding {
  return { check, verdict: 'fail', what, mend };
}
