// What secrets look like. A shape must be telling, because the same list stops a push: a word that only might be a
// secret is left alone. Every pattern takes time proportional to the text: it either decides within a bounded number of
// characters or consumes what it has read.

export const redactedMark = '[redacted]';

export interface SecretShape {
  readonly pattern: RegExp;
  /** What stands instead of a match, given with its groups; undefined when it is no secret after all. */
  readonly replace: (match: string, groups: readonly string[]) => string | undefined;
}

const always = () => redactedMark;

/** Replaces the second group where `isSecret` says so and keeps the first, which names it. */
function value(isSecret: (value: string) => boolean): SecretShape['replace'] {
  return (_, [name = '', secret = '']) => (isSecret(secret) ? `${name}${redactedMark}` : undefined);
}

export const secretShapes: readonly SecretShape[] = [
  { pattern: /(?<![A-Za-z])gh[opusr]_[A-Za-z0-9_.-]{16,}/g, replace: always },
  { pattern: /github_pat_[A-Za-z0-9_]{20,}/g, replace: always },
  { pattern: /(?<![A-Za-z0-9])sk-ant-[A-Za-z0-9_-]{16,}/g, replace: always },
  {
    pattern: /(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,}/g,
    replace: (match) => (looksRandom(match.slice(3)) ? redactedMark : undefined),
  },
  { pattern: /(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g, replace: always },
  { pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g, replace: always },
  { pattern: /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/g, replace: always },
  { pattern: /xox[abcdeprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}/g, replace: always },
  { pattern: /glpat-[A-Za-z0-9_-]{20,}/g, replace: always },
  { pattern: /npm_[A-Za-z0-9]{30,}/g, replace: always },
  { pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}/g, replace: always },
  { pattern: /(?<![A-Za-z0-9])pypi-AgEI[A-Za-z0-9_-]{40,}/g, replace: always },
  { pattern: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,}/g, replace: always },
  // What an agent asks its model with while it works.
  { pattern: /(?<![A-Za-z0-9_-])gp_[A-Za-z0-9_-]{32}(?![A-Za-z0-9_-])/g, replace: always },
  {
    pattern: /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)([A-Za-z0-9/_-]{20,})/g,
    replace: value(() => true),
  },
  // Header, payload and signature of a JSON web token. It may not begin inside a word, or each "eyJ" would be a start.
  { pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g, replace: always },
  {
    pattern:
      /(authorization["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?:bearer|basic|token)[ \t]{1,8})([A-Za-z0-9._~+/=-]{8,})/gi,
    replace: value((secret) => !/^[A-Z]+(?:_[A-Z]+)*$/.test(secret)),
  },
  { pattern: /(api-key["']?[ \t]{0,8}[:=][ \t]{0,8}["']?)([A-Za-z0-9._~+/=-]{16,})/gi, replace: value(looksRandom) },
  { pattern: /((?<![A-Za-z0-9])bearer[ \t]{1,8})([A-Za-z0-9._~+/=-]{16,})/gi, replace: value(looksRandom) },
  { pattern: /((?<![A-Za-z0-9])basic[ \t]{1,8})([A-Za-z0-9+/]{8,}={0,2})/gi, replace: value(holdsPassword) },
  {
    pattern: /:\/\/([^\s/@:"'`<>]{0,200}):([^\s/@"'`<>]{1,500})@/g,
    replace: (_, [user = '', password = '']) => (isPlaceholder(user, password) ? undefined : `://${redactedMark}@`),
  },
  {
    pattern: /:\/\/([A-Za-z0-9_.~%+-]{20,500})@/g,
    replace: (_, [token = '']) => (looksRandom(token) ? `://${redactedMark}@` : undefined),
  },
];

/** Words joined by hyphens or underscores are names; keys have digits, change their case, or go on for long. */
function looksRandom(text: string): boolean {
  return /\d|[a-z][A-Z]|[A-Za-z]{20}/.test(text);
}

/** Whether this is the base64 of `user:password`, and not a word after "basic". */
function holdsPassword(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(atob(text));
}

const placeholder =
  /^(?:\*+|x+|\.+|pass|password|passwd|pwd|secret|token|root|admin|test|guest|example|changeme|postgres)$/i;

/** The credentials of examples and of throw-away databases, and what a shell or template fills in. */
function isPlaceholder(user: string, password: string): boolean {
  return password === redactedMark || password === user || placeholder.test(password) || /^[${%[(]/.test(password);
}
