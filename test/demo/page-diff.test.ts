import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../src/demo/github/page/parse-diff.ts';

describe('a diff', () => {
  it('is files, hunks and numbered lines', () => {
    const [file] = parseDiff(
      [
        'diff --git a/src/add.js b/src/add.js',
        'index 7d65831..d64f1cd 100644',
        '--- a/src/add.js',
        '+++ b/src/add.js',
        '@@ -1,2 +1,3 @@ function',
        ' one',
        '-two',
        '+deux',
        '+trois',
        '\\ No newline at end of file',
        '',
      ].join('\n'),
    );
    expect(file).toMatchObject({ path: 'src/add.js', change: 'changed', additions: 2, deletions: 1, isBinary: false });
    expect(file?.hunks[0]?.lines.map((line) => [line.kind, line.oldLine, line.newLine, line.text])).toEqual([
      ['context', 1, 1, 'one'],
      ['removed', 2, undefined, 'two'],
      ['added', undefined, 2, 'deux'],
      ['added', undefined, 3, 'trois'],
      ['note', undefined, undefined, 'No newline at end of file'],
    ]);
  });

  it('keeps lines that look like headers as lines', () => {
    const files = parseDiff(
      [
        'diff --git a/notes b/notes',
        '--- a/notes',
        '+++ b/notes',
        '@@ -1,2 +1,3 @@',
        '--- a/other',
        '+++ b/other',
        '+diff --git a/x b/x',
        ' @@ -1 +1 @@\rdiff --git a/y b/y',
        'diff --git a/last b/last',
        'deleted file mode 100644',
        '--- a/last',
        '+++ /dev/null',
        '@@ -1 +0,0 @@',
        '-gone',
      ].join('\n'),
    );
    expect(files.map((file) => [file.path, file.change, file.additions, file.deletions])).toEqual([
      ['notes', 'changed', 2, 1],
      ['last', 'removed', 0, 1],
    ]);
  });

  it('reads names that are quoted, moved, binary or new', () => {
    const files = parseDiff(
      [
        'diff --git a/README.md b/READ ME.md',
        'similarity index 100%',
        'rename from README.md',
        'rename to READ ME.md',
        'diff --git "a/bild-\\303\\244.png" "b/bild-\\303\\244.png"',
        'new file mode 100644',
        'Binary files /dev/null and "b/bild-\\303\\244.png" differ',
        'diff --git a/two words.txt b/two words.txt',
        'new file mode 100644',
        '--- /dev/null',
        '+++ b/two words.txt\t',
        '@@ -0,0 +1 @@',
        '+x',
        'diff --git a/run.sh b/run.sh',
        'old mode 100644',
        'new mode 100755',
      ].join('\n'),
    );
    expect(files.map((file) => [file.previousPath, file.path, file.change, file.isBinary])).toEqual([
      ['README.md', 'READ ME.md', 'renamed', false],
      [undefined, 'bild-ä.png', 'added', true],
      [undefined, 'two words.txt', 'added', false],
      [undefined, 'run.sh', 'changed', false],
    ]);
  });
});
