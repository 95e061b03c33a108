// Whether what a task added is still there after everything was merged: read from its patch and the file as it is now.
import type { Loss } from '../model/result.ts';

export interface Addition {
  readonly path: string;
  readonly lines: readonly string[];
}

/** The lines that a unified diff adds, by file. Blank ones and mere brackets say nothing. */
export function listAdditions(patch: string): Addition[] {
  const found = new Map<string, string[]>();
  let path: string | undefined;
  let isInHunk = false;
  for (const line of patch.split('\n')) {
    if (line.startsWith('diff --git ')) isInHunk = false;
    else if (line.startsWith('@@ ')) isInHunk = true;
    else if (!isInHunk && line.startsWith('+++ ')) path = /^\+\+\+ b\/(.+?)\t?$/.exec(line)?.[1];
    else if (isInHunk && path !== undefined && line.startsWith('+') && isTelling(line.slice(1))) {
      const lines = found.get(path);
      if (lines) lines.push(line.slice(1));
      else found.set(path, [line.slice(1)]);
    }
  }
  return [...found].map(([name, lines]) => ({ path: name, lines }));
}

function isTelling(line: string): boolean {
  return line.trim().length > 2 && /[\p{L}\p{N}]/u.test(line);
}

export interface Landed {
  readonly key: string;
  readonly addition: Addition;
  /** The file as it is now, wherever it was moved to; undefined when it is gone. */
  readonly text: string | undefined;
  /** Other tasks that changed it. */
  readonly by: readonly string[];
}

/** Undefined when all of it is there, however it is indented now. */
export function findLoss({ key, addition, text, by }: Landed): Loss | undefined {
  const there = new Set((text ?? '').split('\n').map((line) => line.trim()));
  const lost = addition.lines.filter((line) => !there.has(line.trim()));
  if (lost.length === 0) return undefined;
  return { task: key, path: addition.path, lines: lost.length, of: addition.lines.length, by: [...by] };
}
