// What a change takes from what checks it: tests that are gone, skipped or say less, thresholds that are lower, pipelines and
// commands that are others. Told by names and lines alone, whoever made the change; what no such sign shows is for reviewers.
import { type Weakening, weakenings } from '../model/weakening.ts';
import { redact } from '../sanitise/redact.ts';
import {
  hasTestName,
  holdsTestSettings,
  isNamedBy,
  isPipeline,
  isScript,
  isTestFile,
  isTestSetting,
} from './check-file.ts';
import { type PatchLines, parsePatchLines } from './parse-patch-lines.ts';
import { isPackageFile } from './restore-scripts.ts';

export interface Changed {
  readonly changed: readonly { readonly path: string; readonly status: string; readonly from?: string }[];
  readonly patch: string;
  /** The patch ends somewhere in the middle. */
  readonly patchIsCut: boolean;
}

const weakeningsAtMost = 50;

export function listWeakened({ changed, patch, patchIsCut }: Changed, commands: readonly string[]): Weakening[] {
  const lines = parsePatchLines(patch, patchIsCut);
  const found = changed.flatMap(({ path, status, from }): Weakening[] => {
    const known = lines.get(path);
    const own = known ?? none;
    const was = from ?? path;
    const isGone = status === 'deleted' || status === 'type_changed';
    if (isTestFile(was) && (isGone || losesTestName(was, path))) return [{ kind: 'test_removed', path: was }];
    const isUnread = status !== 'added' && status !== 'deleted' && (!known || known.isCut === true);
    return [
      ...(isPipeline(path) || isPipeline(was) ? [{ kind: 'pipeline_changed' as const, path }] : []),
      // A script that is new takes nothing away.
      ...(status !== 'added' && isNamedBy(was, commands) ? [{ kind: 'command_changed' as const, path: was }] : []),
      ...(isPackageFile(was) ? listChangedScripts(path, own) : []),
      ...(holdsTestSettings(was) ? listLowered(path, own) : []),
      ...(holdsTestSettings(was) ? listChosen(path, own, isTestSetting(was)) : []),
      ...(isUnread && (holdsTestSettings(was) || (isTestFile(was) && isScript(was)))
        ? [{ kind: 'unread' as const, path }]
        : []),
      ...(isTestFile(path) ? listTaken(path, own) : []),
    ];
  });
  return found.toSorted((one, other) => rankOf(one) - rankOf(other)).slice(0, weakeningsAtMost);
}

/** Runners find tests by their names, in whatever folder they lie. */
function losesTestName(was: string, path: string): boolean {
  return !isTestFile(path) || (hasTestName(was) && !hasTestName(path));
}

const rankOf = ({ kind }: Weakening): number => weakenings.indexOf(kind);

const none: PatchLines = { removed: [], added: [] };

// Repetitions have an end: a line may be as long as whoever wrote it likes.
const testBegins =
  /(?:^|[^\w.])(?:it|test|specify)(?:\.\w{1,40}){0,4}\s{0,40}\(|^\s*(?:async\s+)?def test_?\w*|^func (?:\([^)]*\) )?Test\w*\(|#\[(?:\w+::)?test\]|@Test\b|^\s*(?:it|specify|scenario)\s+["']/;
const skips =
  /\b(?:it|test|describe|context|suite|specify)\s{0,40}(?:\.\w{1,40}){0,4}\.(?:skip|skipIf|runIf|only|todo|fixme|fails|failing)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\s*\(|\b(?:skip|todo|only)\s*:\s*true\b|\bskip\s*:\s*["'`]|\bpytest\.mark\.(?:skip|skipif|xfail)\b|@unittest\.(?:skip\w*|expectedFailure)\b|@(?:Disabled|Ignore)\b|\b(?:pytest\.skip|self\.skipTest|markTestSkipped|markTestIncomplete|assumeTrue|assumeFalse)\(|\b[tb]\.Skip(?:Now|f)?\(|\bXCTSkip\w*\(|#\[ignore\b|^\s*(?:pending|skip)\b(?:\s|\(|$)|\bthis\.skip\(/;
const asserts = /\bexpect\s*\(|\bassert\w*\b|\bshould\b|\brequire\.\w+\(|\b[tb]\.(?:Error|Fatal)f?\(/;
/** A test that is put into a comment is no test. */
const comment = /^\s*(?:\/\/|\/\*|\*|#(?!\[)|--|<!--)/;

function listTaken(path: string, { removed, added }: PatchLines): Weakening[] {
  const count = (list: readonly string[], pattern: RegExp) =>
    list.filter((line) => pattern.test(line) && !comment.test(line)).length;
  const skipped = added.find((line) => skips.test(line) && !comment.test(line));
  const fewer = (pattern: RegExp) => count(removed, pattern) - count(added, pattern);
  const [tests, assertions] = [fewer(testBegins), fewer(asserts)];
  return [
    ...(skipped === undefined || count(added, skips) <= count(removed, skips)
      ? []
      : [{ kind: 'test_skipped' as const, path, detail: cut(skipped) }]),
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
  return lowered === undefined ? [] : [{ kind: 'threshold_lowered', path, detail: cut(lowered) }];
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

/** Which tests are run at all. */
function listChosen(path: string, { removed, added }: PatchLines, isOfTestsAlone: boolean): Weakening[] {
  const line = [...added, ...removed].find((one) => chooses.test(one) || (isOfTestsAlone && choosesAlone.test(one)));
  return line === undefined ? [] : [{ kind: 'selection_changed', path, detail: cut(line) }];
}

/** What `npm test` and its like run. */
function listChangedScripts(path: string, { removed, added }: PatchLines): Weakening[] {
  const isScriptOfTests = (line: string) =>
    /^\s*"(?:pre|post)?(?:test|check|lint|verify|ci)(?::[\w:-]+)?"\s*:\s*"/.test(line);
  // One that is added may be run before another one that was there.
  const line =
    removed.find(isScriptOfTests) ?? added.find((one) => /^\s*"(?:pre|post)/.test(one) && isScriptOfTests(one));
  return line === undefined ? [] : [{ kind: 'command_changed', path, detail: cut(line) }];
}

function cut(line: string): string {
  return redact(line.trim()).text.slice(0, 160);
}
