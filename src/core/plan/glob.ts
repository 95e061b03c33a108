// The one pattern language of owned paths: literals, `*`, `?`, `**` and `{a,b}`. Matching a path and finding an overlap
// are the same search over the same compiled form, so they cannot disagree, and the search is bounded, so that
// a hostile pattern cannot make it slow. Brackets, parentheses and plus signs are ordinary characters: frameworks name folders with them.
import { expandBraces } from './expand-braces.ts';
import { MAX_PATH_CHARS } from './plan.ts';
import { isProtectedPath, splitPath } from './protected-path.ts';

const MAX_ALTERNATIVES = 16;
const STAR = Symbol('any characters within a segment');
const ONE = Symbol('one character');
const DEPTH = Symbol('any number of segments');

type Token = string | typeof STAR | typeof ONE;
type Segment = readonly Token[] | typeof DEPTH;

export interface Glob {
  readonly kind: 'glob';
  readonly source: string;
  readonly alternatives: readonly (readonly Segment[])[];
}
/** A pattern that is not safe or not readable. It matches nothing and is assumed to overlap everything. */
export interface UnreadableGlob {
  readonly kind: 'unreadable';
  readonly source: string;
  /** Completes the sentence "The path … ". */
  readonly why: string;
}

/**
 * A pattern whose last segment has no wildcard means that file or, should it be a folder, everything below it;
 * so does a trailing slash.
 */
export function parseGlob(source: string): Glob | UnreadableGlob {
  const fault = findTextFault(source);
  if (fault !== undefined) return { kind: 'unreadable', source, why: fault };
  const texts = expandBraces(source, MAX_ALTERNATIVES);
  if (texts === undefined) {
    return {
      kind: 'unreadable',
      source,
      why: `has braces that do not pair up, offer no choice, or give more than ${MAX_ALTERNATIVES} paths`,
    };
  }
  const alternatives: Segment[][] = [];
  for (const text of texts) {
    const segmentFault = findSegmentFault(text);
    if (segmentFault !== undefined) return { kind: 'unreadable', source, why: segmentFault };
    alternatives.push(compile(text));
  }
  return { kind: 'glob', source, alternatives };
}

/** Matches everything; what a task without owned paths owns. */
export const WHOLE_REPOSITORY: Glob = { kind: 'glob', source: '**', alternatives: [[DEPTH]] };

/** The work that is left for a question. Patterns made to be slow run out of it and get the careful answer. */
export interface Effort {
  steps: number;
}

export function isMatch(glob: Glob | UnreadableGlob, path: string, effort: Effort = { steps: 20_000 }): boolean {
  if (glob.kind === 'unreadable') return false;
  const segments = path.split('/').map((segment): Segment => [...segment]);
  const reading = readSegments({ effort, whenSpent: false, isSame: isSameToken });
  return glob.alternatives.some((pattern) => isMeeting(pattern, segments, reading));
}

/** False only when no path can match both. Letter case is ignored: on some systems such paths are one file. */
export function isOverlap(
  left: Glob | UnreadableGlob,
  right: Glob | UnreadableGlob,
  effort: Effort = { steps: 20_000 },
): boolean {
  if (left.kind === 'unreadable' || right.kind === 'unreadable') return true;
  const reading = readSegments({ effort, whenSpent: true, isSame: isSameFoldedToken });
  return left.alternatives.some((a) => right.alternatives.some((b) => isMeeting(a, b, reading)));
}

export function hasWildcard(source: string): boolean {
  return /[*?{}]/.test(source);
}

function findTextFault(source: string): string | undefined {
  if (source.trim() === '') return 'is empty';
  if (source.length > MAX_PATH_CHARS) return `is longer than ${MAX_PATH_CHARS} characters`;
  if (/\p{Cc}/u.test(source)) return 'has control characters';
  if (source.includes('\\')) return 'has a backslash; folders are separated by "/"';
  if (source.startsWith('!')) return 'begins with "!"; name what is owned, not what is left out';
  return undefined;
}

function findSegmentFault(text: string): string | undefined {
  if (/^(?:\/|[A-Za-z]:(?:\/|$))/.test(text)) return 'is absolute; paths are relative to the repository';
  if (text.split('/').includes('..')) return 'leaves its folder with ".."';
  if (isProtectedPath(text)) return 'lies in a protected place that no task may change';
  return undefined;
}

function compile(text: string): Segment[] {
  const segments: Segment[] = [];
  const add = (segment: Segment) => {
    if (segment !== DEPTH || segments.at(-1) !== DEPTH) segments.push(segment);
  };
  const names = splitPath(text);
  for (const name of names) add(name === '**' ? DEPTH : [...name].map(toToken));
  if (text.endsWith('/') || !hasWildcard(names.at(-1) ?? '')) add(DEPTH);
  return segments;
}

function toToken(char: string): Token {
  if (char === '*') return STAR;
  return char === '?' ? ONE : char;
}

interface Reading<T> {
  readonly effort: Effort;
  /** The answer when the effort is spent. */
  readonly whenSpent: boolean;
  readonly isAnyNumber: (item: T) => boolean;
  readonly isSame: (a: T, b: T) => boolean;
}

function readSegments(rule: Omit<Reading<Token>, 'isAnyNumber'>): Reading<Segment> {
  const tokens = { ...rule, isAnyNumber: (token: Token) => token === STAR };
  return {
    ...rule,
    isAnyNumber: (segment) => segment === DEPTH,
    isSame: (a, b) => a !== DEPTH && b !== DEPTH && isMeeting(a, b, tokens),
  };
}

function isSameToken(a: Token, b: Token): boolean {
  return a === ONE || b === ONE || a === b;
}

function isSameFoldedToken(a: Token, b: Token): boolean {
  return isSameToken(a, b) || (typeof a === 'string' && typeof b === 'string' && a.toLowerCase() === b.toLowerCase());
}

/**
 * Whether two sequences, in which some items stand for any number of items, have a reading in common. Walks the pairs
 * of positions that can be reached from the start, each at most once.
 */
function isMeeting<T>(left: readonly T[], right: readonly T[], reading: Reading<T>): boolean {
  const width = right.length + 1;
  const seen = new Set([0]);
  const open = [0];
  const visit = (i: number, j: number) => {
    if (i > left.length || j > right.length || seen.has(i * width + j)) return;
    seen.add(i * width + j);
    open.push(i * width + j);
  };
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    reading.effort.steps -= 1;
    if (reading.effort.steps < 0) return reading.whenSpent;
    const i = Math.floor(place / width);
    const j = place % width;
    if (i === left.length && j === right.length) return true;
    const a = left[i];
    const b = right[j];
    if ((a !== undefined && reading.isAnyNumber(a)) || (b !== undefined && reading.isAnyNumber(b))) {
      visit(i + 1, j);
      visit(i, j + 1);
    } else if (a !== undefined && b !== undefined && reading.isSame(a, b)) {
      visit(i + 1, j + 1);
    }
  }
  return false;
}
