// A unified diff as git prints it, taken apart for display. Lines are counted as the hunk headers say, so that a
// changed line which looks like a header stays a line.

export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed' | 'note';
  readonly text: string;
  readonly oldLine: number | undefined;
  readonly newLine: number | undefined;
}

interface DiffHunk {
  readonly header: string;
  readonly lines: readonly DiffLine[];
}

export interface DiffFile {
  readonly path: string;
  /** Set when the file was renamed or copied. */
  readonly previousPath: string | undefined;
  readonly change: 'added' | 'removed' | 'renamed' | 'changed';
  readonly isBinary: boolean;
  readonly hunks: readonly DiffHunk[];
  readonly additions: number;
  readonly deletions: number;
}

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

export function parseDiff(text: string): readonly DiffFile[] {
  const lines = text.split('\n');
  const files: DiffFile[] = [];
  for (let at = 0; at < lines.length; ) {
    if (lines[at]?.startsWith('diff --git ')) {
      const { file, end } = parseFile(lines, at);
      files.push(file);
      at = end;
    } else at += 1;
  }
  return files;
}

function parseFile(lines: readonly string[], start: number): { file: DiffFile; end: number } {
  let at = start + 1;
  while (at < lines.length && !lines[at]?.startsWith('diff --git ') && !hunkHeader.test(lines[at] ?? '')) at += 1;
  const head = lines.slice(start, at);
  const hunks: DiffHunk[] = [];
  while (hunkHeader.test(lines[at] ?? '')) {
    const { hunk, end } = parseHunk(lines, at);
    hunks.push(hunk);
    at = end;
  }
  const all = hunks.flatMap((hunk) => hunk.lines);
  const file = {
    ...namesOf(head),
    isBinary: head.some((line) => line.startsWith('Binary files ') || line === 'GIT binary patch'),
    hunks,
    additions: all.filter((line) => line.kind === 'added').length,
    deletions: all.filter((line) => line.kind === 'removed').length,
  };
  return { file, end: at };
}

function parseHunk(lines: readonly string[], start: number): { hunk: DiffHunk; end: number } {
  const header = lines[start] ?? '';
  const [oldStart, oldCount, newStart, newCount] = hunkHeader.exec(header)?.slice(1) ?? [];
  let oldLine = Number(oldStart);
  let newLine = Number(newStart);
  let oldLeft = Number(oldCount ?? 1);
  let newLeft = Number(newCount ?? 1);
  const parsed: DiffLine[] = [];
  let at = start + 1;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const text = line.slice(1);
    if (line.startsWith('\\')) {
      parsed.push({ kind: 'note', text: line.slice(2), oldLine: undefined, newLine: undefined });
    } else if (oldLeft <= 0 && newLeft <= 0) {
      break;
    } else if (line.startsWith('+')) {
      parsed.push({ kind: 'added', text, oldLine: undefined, newLine });
      newLine += 1;
      newLeft -= 1;
    } else if (line.startsWith('-')) {
      parsed.push({ kind: 'removed', text, oldLine, newLine: undefined });
      oldLine += 1;
      oldLeft -= 1;
    } else {
      parsed.push({ kind: 'context', text, oldLine, newLine });
      oldLine += 1;
      newLine += 1;
      oldLeft -= 1;
      newLeft -= 1;
    }
  }
  return { hunk: { header, lines: parsed }, end: at };
}

function namesOf(head: readonly string[]): Pick<DiffFile, 'path' | 'previousPath' | 'change'> {
  const after = (mark: string) => head.find((line) => line.startsWith(mark))?.slice(mark.length);
  const before = pathOf(after('rename from ') ?? after('copy from '));
  const moved = pathOf(after('rename to ') ?? after('copy to '));
  if (moved !== undefined) return { path: moved, previousPath: before, change: 'renamed' };
  const oldPath = sidePath(after('--- '), 'a/');
  const newPath = sidePath(after('+++ '), 'b/');
  const path = newPath ?? oldPath ?? pathOfHeader(head[0] ?? '');
  const isNew = after('new file mode ') !== undefined;
  const isGone = after('deleted file mode ') !== undefined;
  return { path, previousPath: undefined, change: isNew ? 'added' : isGone ? 'removed' : 'changed' };
}

/** Git ends a name with a tab when it holds a space. */
function sidePath(name: string | undefined, prefix: string): string | undefined {
  const path = pathOf(name?.replace(/\t$/, ''));
  return path === undefined || path === '/dev/null' ? undefined : path.slice(prefix.length);
}

/** Only without hunks: both names are the same, so the header is two equal halves. */
function pathOfHeader(header: string): string {
  const names = header.slice('diff --git '.length);
  const half = names.slice((names.length + 1) / 2);
  return (pathOf(half) ?? half).slice('b/'.length);
}

/** Git quotes a name with unusual characters like C does, bytes in octal. */
function pathOf(name: string | undefined): string | undefined {
  if (name === undefined || !name.startsWith('"')) return name;
  const named: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };
  const bytes = name
    .slice(1, -1)
    .replaceAll(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, letter: string) =>
      octal === undefined ? (named[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8)),
    );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
