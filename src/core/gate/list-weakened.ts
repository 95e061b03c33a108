// What a change takes from what checks it: tests that are gone, skipped or say less, thresholds that are lower, pipelines and
// commands that are others. Told by names and lines alone, whoever made the change; what no such sign shows is for reviewers.
import type { Weakening } from '../model/weakening.ts';
import { holdsTestSettings, isNamedBy, isPipeline, isTestFile } from './check-file.ts';
import { type PatchLines, parsePatchLines } from './parse-patch-lines.ts';

export interface Changed {
  readonly changed: readonly { readonly path: string; readonly status: string; readonly from?: string }[];
  readonly patch: string;
}

const weakeningsAtMost = 50;

export function listWeakened({ changed, patch }: Changed, commands: readonly string[]): Weakening[] {
  const lines = parsePatchLines(patch);
  const found = changed.flatMap(({ path, status, from }): Weakening[] => {
    const own = lines.get(path) ?? none;
    const was = from ?? path;
    if (isTestFile(was) && (status === 'deleted' || !isTestFile(path))) return [{ kind: 'test_removed', path: was }];
    return [
      ...(isPipeline(path) || isPipeline(was) ? [{ kind: 'pipeline_changed' as const, path }] : []),
      // A script that is new takes nothing away.
      ...(status !== 'added' && isNamedBy(was, commands) ? [{ kind: 'command_changed' as const, path: was }] : []),
      ...(path.endsWith('package.json') ? listChangedScripts(path, own) : []),
      ...(holdsTestSettings(path) ? listLowered(path, own) : []),
      ...(isTestFile(path) ? listTaken(path, own) : []),
    ];
  });
  return found.slice(0, weakeningsAtMost);
}

const none: PatchLines = { removed: [], added: [] };

const testBegins =
  /(?:^|[^\w.])(?:it|test|specify)(?:\.\w+)*\s*\(|^\s*(?:async\s+)?def test_?\w*|^func (?:\([^)]*\) )?Test\w*\(|#\[(?:\w+::)?test\]|@Test\b|^\s*(?:it|specify|scenario)\s+["']/;
const skips =
  /\b(?:it|test|describe|context|suite|specify)\s*(?:\.\w+)*\.(?:skip|only|todo|fixme|fails)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\s*\(|@(?:pytest\.mark\.(?:skip|xfail)|unittest\.skip|unittest\.expectedFailure|Disabled|Ignore)\b|\bpytest\.skip\(|\b[tb]\.Skip(?:Now|f)?\(|#\[ignore\b|^\s*(?:pending|skip)\b(?:\s|\(|$)|\bthis\.skip\(/;
const asserts = /\bexpect\s*\(|\bassert\w*\b|\bshould\b|\brequire\.\w+\(|\b[tb]\.(?:Error|Fatal)f?\(/;

function listTaken(path: string, { removed, added }: PatchLines): Weakening[] {
  const count = (list: readonly string[], pattern: RegExp) => list.filter((line) => pattern.test(line)).length;
  const skipped = added.find((line) => skips.test(line));
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
  /["']?\b(branches|functions|lines|statements|fail[_-]under|thresholds?|minimum(?:[_-]coverage)?|min_coverage|coverage|target)\b["']?\s*[:=]\s*["']?(\d+(?:\.\d+)?)/i;

function listLowered(path: string, { removed, added }: PatchLines): Weakening[] {
  const after = added.flatMap((line) => readThreshold(line) ?? []);
  const lowered = removed.filter((line) => {
    const before = readThreshold(line);
    if (!before) return false;
    const same = after.filter(({ name }) => name === before.name);
    return same.length === 0 || same.some(({ value }) => value < before.value);
  });
  return lowered.slice(0, 1).map((line) => ({ kind: 'threshold_lowered' as const, path, detail: cut(line) }));
}

function readThreshold(line: string): { name: string; value: number } | undefined {
  const [, name, value] = threshold.exec(line) ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase(), value: Number(value) };
}

/** What `npm test` and its like run. */
function listChangedScripts(path: string, { removed }: PatchLines): Weakening[] {
  const script = removed.find((line) =>
    /^\s*"(?:pre|post)?(?:test|check|lint|verify|ci)(?::[\w:-]+)?"\s*:\s*"/.test(line),
  );
  return script === undefined ? [] : [{ kind: 'command_changed', path, detail: cut(script) }];
}

function cut(line: string): string {
  return line.trim().slice(0, 160);
}
