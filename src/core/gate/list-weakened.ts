// What a change takes from what checks it: tests that are gone, skipped or say less, thresholds that are lower, pipelines and
// commands that are others. Told by names, lines and scripts alone, whoever made the change; what no such sign shows is for reviewers.
import { type Weakening, weakenings } from '../model/weakening.ts';
import {
  findNamed,
  hasTestName,
  holdsTestSettings,
  holdsTests,
  isConftest,
  isPipeline,
  isTestSetting,
} from './check-file.ts';
import { isComment, mayBeComment } from './comment-line.ts';
import { listChangedScripts, type PackageChanges } from './list-changed-scripts.ts';
import { type PatchLines, parsePatchLines } from './parse-patch-lines.ts';
import { quoteChanged } from './quote-changed.ts';
import { shortenWeakenings, weakeningsAtMost } from './shorten-weakenings.ts';

export interface Changed {
  readonly changed: readonly { readonly path: string; readonly status: string; readonly from?: string }[];
  readonly patch: string;
  /** The patch ends somewhere in the middle. */
  readonly patchIsCut: boolean;
  /** As they are read whole: one line may hold all of a file, and which script runs which stands in others. */
  readonly packages: PackageChanges;
}

export function listWeakened(change: Changed, commands: readonly string[]): Weakening[] {
  const { changed, patch, patchIsCut, packages } = change;
  const lines = parsePatchLines(patch, patchIsCut);
  const { isNamed } = findNamed(commands);
  const found = changed.flatMap(({ path, status, from }): Weakening[] => {
    const known = lines.get(path);
    const own = known ?? none;
    const was = from ?? path;
    const isGone = status === 'deleted' || status === 'type_changed';
    if (holdsTests(was) && (isGone || losesTestName(was, path))) return [{ kind: 'test_removed', path: was }];
    const isUnread = status !== 'added' && status !== 'deleted' && (!known || known.isCut === true);
    return [
      ...(isPipeline(path) || isPipeline(was) ? [{ kind: 'pipeline_changed' as const, path }] : []),
      // A script that is new takes nothing away.
      ...(status !== 'added' && isNamed(was) ? [{ kind: 'command_changed' as const, path: was }] : []),
      ...(holdsTestSettings(was) ? listLowered(path, own) : []),
      ...(holdsTestSettings(was) ? listChosen(path, own, isTestSetting(was) ? choosesAlone : undefined) : []),
      ...(isConftest(path) ? listChosen(path, own, choosesByHook) : []),
      ...(isUnread && (holdsTestSettings(was) || holdsTests(was)) ? [{ kind: 'unread' as const, path }] : []),
      ...(holdsTests(path) ? listTaken(path, own) : []),
    ];
  });
  const all = [...found, ...listChangedScripts(packages, commands)];
  return shortenWeakenings(
    all.toSorted((one, other) => rankOf(one) - rankOf(other)),
    weakeningsAtMost,
  );
}

/** Runners find tests by their names, in whatever folder they lie. */
function losesTestName(was: string, path: string): boolean {
  return !holdsTests(path) || (hasTestName(was) && !hasTestName(path));
}

const rankOf = ({ kind }: Weakening): number => weakenings.indexOf(kind);

const none: PatchLines = { removed: [], added: [] };

// Repetitions have an end: a line may be as long as whoever wrote it likes.
const testBegins =
  /(?:^|[^\w.])(?:it|test|specify)(?:\.\w{1,40}){0,4}\s{0,40}\(|^\s*(?:async\s+)?def test_?\w*|^func (?:\([^)]*\) )?Test\w*\(|#\[(?:\w+::)?test\]|@Test\b|^\s*(?:it|specify|scenario)\s+["']/;
const skips =
  /\b(?:it|test|describe|context|suite|specify)\s{0,40}(?:\.\w{1,40}){0,4}\.(?:skip|skipIf|runIf|only|todo|fixme|fails|failing)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\s*\(|\b(?:skip|todo|only)\s*:\s*true\b|\bskip\s*:\s*["'`]|\bpytest\.mark\.(?:skip|skipif|xfail)\b|@unittest\.(?:skip\w*|expectedFailure)\b|@(?:Disabled|Ignore)\b|\b(?:pytest\.skip|self\.skipTest|markTestSkipped|markTestIncomplete|assumeTrue|assumeFalse)\(|\b[tb]\.Skip(?:Now|f)?\(|\bXCTSkip\w*\(|#\[ignore\b|^\s*(?:pending|skip)\b(?:\s|\(|$)|\bthis\.skip\(/;
const asserts = /\bexpect\s*\(|\bassert\w*\b|\bshould\b|\brequire\.\w+\(|\b[tb]\.(?:Error|Fatal)f?\(/;
function listTaken(path: string, { removed, added }: PatchLines): Weakening[] {
  // A test that is put into a comment is no test, and a skip that may be in one is told.
  const count = (list: readonly string[], pattern: RegExp) =>
    list.filter((line) => pattern.test(line) && !mayBeComment(path, line)).length;
  const skipped = added.filter((line) => skips.test(line) && !isComment(path, line));
  const fewer = (pattern: RegExp) => count(removed, pattern) - count(added, pattern);
  const [tests, assertions] = [fewer(testBegins), fewer(asserts)];
  return [
    ...(skipped.length > count(removed, skips)
      ? [{ kind: 'test_skipped' as const, path, detail: quoteChanged(skipped[0] ?? '') }]
      : []),
    ...(tests > 0 ? [{ kind: 'tests_fewer' as const, path, detail: String(tests) }] : []),
    ...(tests <= 0 && assertions > 0 ? [{ kind: 'assertions_fewer' as const, path, detail: String(assertions) }] : []),
  ];
}

const threshold =
  /["']?\b(branches|functions|lines|statements|fail[_-]under|thresholds?|minimum(?:[_-]coverage)?|min_coverage|coverage|target)\b["']?\s*[:=]\s*["']?(\d{1,9}(?:\.\d{1,9})?)/gi;

/** By the lowest that is said under each name. */
function listLowered(path: string, { removed, added }: PatchLines): Weakening[] {
  const after = added.flatMap(readThresholds);
  const lowered = removed.find((line) =>
    readThresholds(line).some(({ name, value }) => {
      const same = after.filter((one) => one.name === name);
      return same.length === 0 || same.some((one) => one.value < value);
    }),
  );
  return lowered === undefined ? [] : [{ kind: 'threshold_lowered', path, detail: quoteChanged(lowered) }];
}

function readThresholds(line: string): { name: string; value: number }[] {
  return [...line.matchAll(threshold)].map(([, name = '', value]) => ({
    name: name.toLowerCase(),
    value: Number(value),
  }));
}

const chooses =
  /\b(?:addopts|testpaths|python_(?:files|functions|classes)|norecursedirs|collect_ignore\w*|testMatch|testRegex|testPathIgnorePatterns|coveragePathIgnorePatterns|passWithNoTests)\b/;
/** Words that mean something else in files which hold other settings as well. */
const choosesAlone = /\b(?:include|exclude|ignore|spec|testIgnore|testDir|grep|omit)\b/;
/** What a conftest.py says by the names of its functions. */
const choosesByHook = /\bpytest_(?:ignore_collect|collect_\w+|collection_\w+)\b/;

/** Which tests are run at all. */
function listChosen(path: string, { removed, added }: PatchLines, more?: RegExp): Weakening[] {
  const line = [...added, ...removed].find((one) => chooses.test(one) || more?.test(one));
  return line === undefined ? [] : [{ kind: 'selection_changed', path, detail: quoteChanged(line) }];
}
