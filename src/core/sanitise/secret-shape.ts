// What secrets look like. A shape must be telling, because the same list stops a push: a word that only might be a
// secret is left alone. Looking takes time proportional to the text: a beginning is bounded, and what it goes on with is
// either consumed or ends within a bounded number of characters where no other one could begin.
import { createRun, type Measure } from './create-run.ts';

export const redactedMark = '[redacted]';

export interface SecretShape {
  /** Bounded; what may be of any length is measured from its end. */
  readonly begin: RegExp;
  /** Where it ends. Without it, the beginning is all of it. */
  readonly measure?: Measure;
  /** The beginning only says what follows, and stays. */
  readonly isNamed?: boolean;
  /** Given what follows the beginning, and the beginning's groups. Without it, always. */
  readonly isSecret?: (rest: string, groups: readonly (string | undefined)[]) => boolean;
}

/** As in base64 for addresses, of which most tokens are made. */
const tokenSigns = 'A-Za-z0-9_-';
const headerSigns = 'A-Za-z0-9._~+/=-';

export const secretShapes: readonly SecretShape[] = [
  { begin: /(?<![A-Za-z])gh[opusr]_/g, measure: createRun('A-Za-z0-9_.-', 16) },
  { begin: /github_pat_/g, measure: createRun('A-Za-z0-9_', 20) },
  { begin: /(?<![A-Za-z0-9])sk-ant-/g, measure: createRun(tokenSigns, 16) },
  { begin: /(?<![A-Za-z0-9])sk-/g, measure: createRun(tokenSigns, 16), isSecret: looksRandom },
  { begin: /(?<![A-Za-z0-9])[rs]k_(?:live|test)_/g, measure: createRun('A-Za-z0-9', 16) },
  { begin: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  { begin: /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/g },
  { begin: /xox[abcdeprs]-|xapp-/g, measure: createRun('A-Za-z0-9-', 10) },
  { begin: /glpat-/g, measure: createRun(tokenSigns, 20) },
  { begin: /npm_/g, measure: createRun('A-Za-z0-9', 30) },
  { begin: /(?<![A-Za-z0-9])hf_/g, measure: createRun('A-Za-z0-9', 30) },
  { begin: /(?<![A-Za-z0-9])pypi-AgEI/g, measure: createRun(tokenSigns, 40) },
  { begin: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\./g, measure: createRun(tokenSigns, 16) },
  // What an agent asks its model with while it works.
  { begin: /(?<![A-Za-z0-9_-])gp_[A-Za-z0-9_-]{32}(?![A-Za-z0-9_-])/g },
  {
    begin: /hooks\.slack\.com\/(?:services|workflows|triggers)\//g,
    measure: createRun('A-Za-z0-9/_-', 20),
    isNamed: true,
  },
  // It may not begin inside a word, or each "eyJ" would be a start.
  { begin: /(?<![A-Za-z0-9_-])eyJ/g, measure: measureWebToken },
  {
    begin: /authorization["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?:bearer|basic|token)[ \t]{1,8}/gi,
    measure: createRun(headerSigns, 8),
    isNamed: true,
    isSecret: (secret) => secret.length > 200 || !/^[A-Z]+(?:_[A-Z]+)*$/.test(secret),
  },
  {
    begin: /api-key["']?[ \t]{0,8}[:=][ \t]{0,8}["']?/gi,
    measure: createRun(headerSigns, 16),
    isNamed: true,
    isSecret: looksRandom,
  },
  {
    begin: /(?<![A-Za-z0-9])bearer[ \t]{1,8}/gi,
    measure: createRun(headerSigns, 16),
    isNamed: true,
    isSecret: looksRandom,
  },
  { begin: /(?<![A-Za-z0-9])basic[ \t]{1,8}/gi, measure: measureBase64, isNamed: true, isSecret: holdsPassword },
  { begin: /:\/\//g, measure: measurePassword, isNamed: true, isSecret: (pair) => !isPlaceholder(pair) },
  { begin: /:\/\//g, measure: measureUser, isNamed: true, isSecret: looksRandom },
];

const webSigns = createRun(tokenSigns, 8);
const anyWebSigns = createRun(tokenSigns, 0);

/** Header, payload and signature of a JSON web token; the last may be missing. */
function measureWebToken(text: string, from: number): number | undefined {
  const header = webSigns(text, from);
  const payload = header !== undefined && text[header] === '.' ? webSigns(text, header + 1) : undefined;
  return payload !== undefined && text[payload] === '.' ? anyWebSigns(text, payload + 1) : payload;
}

const base64Signs = createRun('A-Za-z0-9+/', 8);

function measureBase64(text: string, from: number): number | undefined {
  const end = base64Signs(text, from);
  if (end === undefined || text[end] !== '=') return end;
  return text[end + 1] === '=' ? end + 2 : end + 1;
}

// Neither goes on beyond a slash, where the next address would begin.
const userSigns = createRun('^\\s/@:"\'`<>', 0);
const passwordSigns = createRun('^\\s/@"\'`<>', 1);
const tokenAsUser = createRun('A-Za-z0-9_.~%+-', 20);

function measurePassword(text: string, from: number): number | undefined {
  const user = userSigns(text, from);
  const end = user !== undefined && text[user] === ':' ? passwordSigns(text, user + 1) : undefined;
  return end !== undefined && text[end] === '@' ? end : undefined;
}

function measureUser(text: string, from: number): number | undefined {
  const end = tokenAsUser(text, from);
  return end !== undefined && text[end] === '@' ? end : undefined;
}

/** Words joined by hyphens or underscores are names; keys have digits, change their case, or go on for long. */
function looksRandom(text: string): boolean {
  return /\d|[a-z][A-Z]|[A-Za-z]{20}/.test(text);
}

/** Whether this is the base64 of `user:password`, and not a word after "basic". */
function holdsPassword(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const pair = atob(text);
  return pair.includes(':') && !/[^\x20-\x7e]/.test(pair);
}

const placeholder =
  /^(?:\*{1,200}|x{1,200}|\.{1,200}|pass|password|passwd|pwd|secret|token|root|admin|test|guest|example|changeme|postgres)$/i;

/** The credentials of examples and of throw-away databases, and what a shell or template fills in. */
function isPlaceholder(pair: string): boolean {
  const colon = pair.indexOf(':');
  const [user, password] = [pair.slice(0, colon), pair.slice(colon + 1)];
  return password === redactedMark || password === user || placeholder.test(password) || /^[${%[(]/.test(password);
}
