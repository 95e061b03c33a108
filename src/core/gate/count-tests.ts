// How many tests a command ran, by the closing words of the runners that the usual languages have. What is read is only what the
// command printed: code under test can print the same.
import type { CommandReport, TestCount } from '../model/cause.ts';

type Read = (line: string) => Partial<TestCount> | undefined;

/** By the words beside the numbers, as in `3 failed | 27 passed` and `27 passed; 0 failed; 1 ignored`. */
function readWords(text: string): Partial<TestCount> {
  const sum = (pattern: RegExp) => [...text.matchAll(pattern)].reduce((all, [, number]) => all + Number(number), 0);
  return {
    passed: sum(/\b(\d{1,9}) (?:passed|passing|xpassed)\b/g),
    failed: sum(/\b(\d{1,9}) (?:failed|failing|failures?|errors?)\b/g),
    skipped: sum(/\b(\d{1,9}) (?:skipped|todo|pending|ignored|xfailed|disabled)\b/g),
  };
}

function less(all: number, failed: number, skipped: number): TestCount {
  return { passed: Math.max(0, all - failed - skipped), failed, skipped };
}

const number = (text: string | undefined): number => Number(text ?? 0);

const runners: readonly Read[] = [
  // vitest and jest, which count files and snapshots in lines of their own
  (line) => (/^\s*Tests:?\s+\d.*\b(?:passed|failed|skipped|todo)\b/.test(line) ? readWords(line) : undefined),
  // mocha, a line for each
  (line) => (/^\s*\d{1,9} (?:passing|failing|pending)\b/.test(line) ? readWords(line) : undefined),
  // pytest
  (line) =>
    /^(?:=+ )?\d.*\b(?:passed|failed|skipped|errors?)\b.* in [\d.]+s\b/.test(line) ? readWords(line) : undefined,
  // cargo, a line for each crate
  (line) => (/^test result: /.test(line) ? readWords(line) : undefined),
  // node:test, a line for each
  (line) => {
    const [, name, count] = /^(?:#|ℹ) (pass|fail|skipped|todo|cancelled) (\d{1,9})$/.exec(line) ?? [];
    if (name === undefined) return undefined;
    if (name === 'pass') return { passed: number(count) };
    return name === 'skipped' || name === 'todo' ? { skipped: number(count) } : { failed: number(count) };
  },
  // go test -v and TAP, a line for each test
  (line) => {
    const [, end] = /^\s*--- (PASS|FAIL|SKIP): /.exec(line) ?? [];
    if (end !== undefined) return end === 'PASS' ? { passed: 1 } : end === 'FAIL' ? { failed: 1 } : { skipped: 1 };
    const [, not, skip] = /^(not )?ok \d{1,9}\b(?:.*(# (?:skip|todo)\b))?/i.exec(line) ?? [];
    if (!/^(?:not )?ok \d/.test(line)) return undefined;
    return skip ? { skipped: 1 } : not ? { failed: 1 } : { passed: 1 };
  },
  // rspec and minitest
  (line) => {
    const [, all, failed, pending] =
      /^(\d{1,9}) examples?, (\d{1,9}) failures?(?:, (\d{1,9}) pending)?/.exec(line) ?? [];
    return all === undefined ? undefined : less(number(all), number(failed), number(pending));
  },
  // phpunit
  (line) => {
    const [, all] = /^OK \((\d{1,9}) tests?\b/.exec(line) ?? [];
    return all === undefined ? undefined : { passed: number(all) };
  },
  // maven, whose sum has no class
  (line) => {
    const [, all, failed, errors, skipped] =
      /Tests run: (\d{1,9}), Failures: (\d{1,9}), Errors: (\d{1,9}), Skipped: (\d{1,9})\s*$/.exec(line) ?? [];
    return all === undefined ? undefined : less(number(all), number(failed) + number(errors), number(skipped));
  },
];

/** The sums of one kind of runner, the first that is known in the text; undefined where none is. */
export function countTests(text: string): TestCount | undefined {
  const lines = dropColours(text).split(/\r?\n/);
  for (const read of runners) {
    const found = lines.flatMap((line) => read(line.slice(0, lineCharsAtMost)) ?? []);
    if (found.length > 0) return found.reduce<TestCount>(add, { passed: 0, failed: 0, skipped: 0 });
  }
  return undefined;
}

/** Of all commands that told one. */
export function sumTests(commands: readonly Pick<CommandReport, 'tests'>[]): TestCount | undefined {
  const told = commands.flatMap(({ tests }) => tests ?? []);
  return told.length === 0 ? undefined : told.reduce<TestCount>(add, { passed: 0, failed: 0, skipped: 0 });
}

function add(sum: TestCount, { passed = 0, failed = 0, skipped = 0 }: Partial<TestCount>): TestCount {
  return { passed: sum.passed + passed, failed: sum.failed + failed, skipped: sum.skipped + skipped };
}

const lineCharsAtMost = 400;

function dropColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a colour begins
  return text.replace(/\u001b\[[\d;]{0,20}m/g, '');
}
