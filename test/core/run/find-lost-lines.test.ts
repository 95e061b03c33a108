import { expect, it } from 'vitest';
import { findLoss, listAdditions } from '../../../src/core/run/find-lost-lines.ts';

const patch = `diff --git a/src/a.ts b/src/a.ts
--- a/src/a.ts
+++ b/src/a.ts
@@ -1,2 +1,5 @@
 const old = 1;
+const added = 2;
+++ counter;
+}
+
-const gone = 3;
diff --git a/docs/new file.md b/docs/new file.md
new file mode 100644
--- /dev/null
+++ b/docs/new file.md\t
@@ -0,0 +1 @@
+A guide.
diff --git a/gone.txt b/gone.txt
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-text
`;

it('reads what a patch adds, by file, without what says nothing', () => {
  expect(listAdditions(patch)).toEqual([
    { path: 'src/a.ts', lines: ['const added = 2;', '++ counter;'] },
    { path: 'docs/new file.md', lines: ['A guide.'] },
  ]);
});

it('finds what is gone, and not what is only indented otherwise', () => {
  const addition = { path: 'a', lines: ['one line', 'two lines'] };
  const about = { key: 'x', addition, by: [] };
  expect(findLoss({ ...about, text: '  one line\n  two lines\n' })).toBeUndefined();
  expect(findLoss({ ...about, text: 'one line\n' })).toEqual({ task: 'x', path: 'a', lines: 1, of: 2, by: [] });
  expect(findLoss({ ...about, text: undefined })).toMatchObject({ lines: 2 });
});

it('reads as much as a patch may hold without holding anybody up', () => {
  const long = `diff --git a/a b/a\n--- /dev/null\n+++ b/a\n@@ -0,0 +1,200000 @@\n${'+one\n'.repeat(200_000)}`;
  const startedAt = performance.now();
  expect(listAdditions(long)[0]?.lines).toHaveLength(200_000);
  // Each line copied for every one after it takes minutes.
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
