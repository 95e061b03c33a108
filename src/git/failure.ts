// Turns what git said into an ExternalError that knows whether trying again makes sense.
import { ExternalError, type Retry } from '../engine/external-error.ts';
import type { GitOutcome } from './run-git.ts';

const maxMessageLength = 500;

/** The part of git's complaint that explains it, in one line without control characters. */
export function renderComplaint(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => /^(?:fatal|error|remote):/.test(line));
  const text = (telling.length > 0 ? telling : lines).join(' ');
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maxMessageLength);
}

/** A call that needs nothing but our own disk failed. */
export function localFailure(what: string, outcome: GitOutcome): ExternalError {
  return isDiskFull(outcome) ? diskFull(what) : gitFailure(what, outcome, 'never');
}

/** A call that talks to the remote failed. What is not known to be final is worth another try. */
export function remoteFailure(what: string, outcome: GitOutcome): ExternalError {
  return isDiskFull(outcome) ? diskFull(what) : gitFailure(what, outcome, decideRetry(outcome.stderr));
}

function decideRetry(stderr: string): Retry {
  const status = Number(/returned error: (\d{3})/.exec(stderr)?.[1]);
  if (status >= 300 && status < 500) return status === 408 || status === 429 ? 'soon' : 'never';
  if (/Authentication failed|could not read (?:Username|Password)|repository '.*' not found/.test(stderr))
    return 'never';
  // With redirects not followed, a repository that moved ends here.
  return /redirect/i.test(stderr) ? 'never' : 'soon';
}

function isDiskFull(outcome: GitOutcome): boolean {
  return /No space left on device|Disk quota exceeded/.test(outcome.stderr);
}

function diskFull(what: string): ExternalError {
  return new ExternalError({ system: 'disk', retry: 'soon', message: `${what}: no space left on the disk` });
}

function gitFailure(what: string, outcome: GitOutcome, retry: Retry): ExternalError {
  const complaint = renderComplaint(outcome.stderr);
  const why = complaint === '' ? `git ended with code ${outcome.code}` : complaint;
  return new ExternalError({ system: 'git', retry, message: `${what}: ${why}` });
}
