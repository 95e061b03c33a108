import fc from 'fast-check';
import { expect, it } from 'vitest';
import { markInChange, parseChangedLines } from '../../../src/core/review/changed-lines.ts';
import { found } from '../run/outcome.ts';

const patch = `diff --git a/src/a.ts b/src/a.ts
index 1111111..2222222 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -1,3 +1,4 @@ function a() {
 one
-two
+zwei
+drei
 four
@@ -20 +21 @@
-old
+new
\\ No newline at end of file
diff --git a/gone.ts b/gone.ts
deleted file mode 100644
--- a/gone.ts
+++ /dev/null
@@ -1,2 +0,0 @@
-++ b/tricky.ts
-x
diff --git a/fresh.md b/fresh.md
new file mode 100644
--- /dev/null
+++ b/fresh.md
@@ -0,0 +1,2 @@
+++ b/none.ts
+@@ -1 +99 @@
`;

it('knows the lines of the new side that a change shows, and takes no content for a header', () => {
  const lines = parseChangedLines(patch);
  expect([...lines].map(([path, all]) => [path, [...all]])).toEqual([
    ['src/a.ts', [1, 2, 3, 4, 21]],
    ['fresh.md', [1, 2]],
  ]);
});

it('marks what stands there now, whatever was said of it before', () => {
  const findings = [
    found({ path: 'src/a.ts', line: 21 }),
    found({ path: 'src/a.ts', line: 9, isInChange: true }),
    found({ path: 'src/b.ts', line: 1, isInChange: true }),
  ];
  expect(markInChange(findings, patch).map(({ isInChange }) => isInChange)).toEqual([true, undefined, undefined]);
  expect(markInChange(findings, '').some(({ isInChange }) => isInChange)).toBe(false);
});

it('takes any text, also one that is cut anywhere', () => {
  fc.assert(fc.property(fc.string(), (text) => parseChangedLines(text).size >= 0));
  for (let length = 0; length <= patch.length; length += 1) parseChangedLines(patch.slice(0, length));
});
