// Conflicts as git wrote them into a text: both sides of each, with diff3 what was there before, and where it stands. What can
// be read in two ways is none that anything is put in place of: a person looks at it.
import { type Mark, readMarks } from '../plan/read-marks.ts';

export interface ConflictBlock {
  /** From the beginning of its opener to the end of its closer. */
  readonly from: number;
  readonly to: number;
  /** The line of its opener, from 1. */
  readonly line: number;
  readonly ours: string;
  /** What was there before; absent where git was not asked to say. */
  readonly base?: string;
  readonly theirs: string;
  /** What ends its lines. */
  readonly ending: '\n' | '\r\n';
}

export interface ParsedConflicts {
  /** In order, and none of them inside of another one. */
  readonly blocks: readonly ConflictBlock[];
  /** Lines (from 1) of openers that nothing closes, and of conflicts whose sides cannot be told apart. */
  readonly unclear: readonly number[];
}

/** One that is being read. */
interface Frame {
  readonly opener: Mark;
  before?: Mark;
  separator?: Mark;
  /** It holds more than one line that could part its sides. */
  isUnclear: boolean;
}

interface Closed {
  readonly frame: Frame;
  readonly closer: Mark;
}

/** Marks belong together by their length. What stands inside of a conflict, whole, is what one of its sides holds. */
export function parseConflicts(text: string): ParsedConflicts {
  const open = new Map<number, Frame[]>();
  const closed: Closed[] = [];
  const newest = new Map<number, Frame>();
  for (const mark of readMarks(text)) {
    const frames = open.get(mark.size) ?? [];
    open.set(mark.size, frames);
    const frame = frames.at(-1);
    if (mark.sign === '<') frames.push({ opener: mark, isUnclear: false });
    if (mark.sign === '>' && !frame) blame(newest.get(mark.size));
    if (!frame) continue;
    if (mark.sign === '|') takeBefore(frame, mark);
    if (mark.sign === '=') takeSeparator(frame, mark);
    if (mark.sign !== '>' || !frame.separator) continue;
    frames.pop();
    newest.set(mark.size, frame);
    closed.push({ frame, closer: mark });
  }
  const outer = listOuter(closed);
  const unclear = [
    ...outer.filter(({ frame }) => frame.isUnclear).map(({ frame }) => frame.opener),
    ...listOutside(
      [...open.values()].flat().map(({ opener }) => opener),
      outer,
    ),
  ];
  return {
    blocks: outer.filter(({ frame }) => !frame.isUnclear).map((one) => toBlock(text, one)),
    unclear: unclear.map(({ at }) => at).sort((one, other) => one - other),
  };
}

/** A closer that nothing opened may well be that of the conflict before it. */
function blame(frame: Frame | undefined): void {
  if (frame) frame.isUnclear = true;
}

function takeBefore(frame: Frame, mark: Mark): void {
  if (frame.separator) return;
  if (frame.before) frame.isUnclear = true;
  else frame.before = mark;
}

function takeSeparator(frame: Frame, mark: Mark): void {
  if (frame.separator) frame.isUnclear = true;
  else frame.separator = mark;
}

/** Those of another length may stand inside as well, and then are part of what one side holds. */
function listOuter(closed: readonly Closed[]): Closed[] {
  let end = 0;
  return closed
    .toSorted((one, other) => one.frame.opener.from - other.frame.opener.from)
    .filter(({ frame, closer }) => {
      const isOuter = frame.opener.from >= end;
      if (isOuter) end = closer.to;
      return isOuter;
    });
}

/** Openers that nothing closed, but for those that stand in a conflict. */
function listOutside(openers: readonly Mark[], outer: readonly Closed[]): Mark[] {
  let next = 0;
  return openers
    .toSorted((one, other) => one.from - other.from)
    .filter(({ from }) => {
      while ((outer[next]?.closer.to ?? Number.POSITIVE_INFINITY) <= from) next += 1;
      return from < (outer[next]?.frame.opener.from ?? Number.POSITIVE_INFINITY);
    });
}

function toBlock(text: string, { frame: { opener, before, separator }, closer }: Closed): ConflictBlock {
  const parted = separator ?? closer;
  return {
    from: opener.from,
    to: closer.to,
    line: opener.at,
    ours: text.slice(opener.to, (before ?? parted).from),
    ...(before ? { base: text.slice(before.to, parted.from) } : {}),
    theirs: text.slice(parted.to, closer.from),
    ending: text.slice(opener.from, opener.to).endsWith('\r\n') ? '\r\n' : '\n',
  };
}
