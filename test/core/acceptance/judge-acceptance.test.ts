// Evidence is looked at, never believed.
import { describe, expect, it } from 'vitest';
import type { AcceptanceClaim } from '../../../src/core/acceptance/acceptance-verdict.ts';
import { findTraceFault, isInOutput, looksAtSomething } from '../../../src/core/acceptance/check-evidence-text.ts';
import { type Finding, judgeItems, listUnmet } from '../../../src/core/acceptance/judge-acceptance.ts';
import { listComplaints } from '../../../src/core/acceptance/list-complaints.ts';
import type { AcceptanceItem } from '../../../src/core/model/plan-outcome.ts';

const must: AcceptanceItem = { id: 'umlauts', text: 'Umlauts are kept.', level: 'must' };
const should: AcceptanceItem = { id: 'short', text: 'It is short.', level: 'should' };
const holds: Finding = { kind: 'holds', shown: '`node test.js` passed: ok' };
const fails: Finding = { kind: 'fails', why: '`node test.js` exited with 1' };

function claim(item: string, more: Partial<AcceptanceClaim> = {}): AcceptanceClaim {
  return {
    task: 'a',
    item,
    status: 'met',
    evidence: { kind: 'command', command: 'node test.js' },
    why: 'It is so.',
    ...more,
  };
}

function statusOf(...judged: { claim: AcceptanceClaim; finding: Finding | undefined }[]) {
  return judgeItems('a', [must], judged).map(({ status }) => status);
}

describe('an item', () => {
  it('is met by a claim whose evidence holds, and by nothing else', () => {
    expect(statusOf({ claim: claim('umlauts'), finding: holds })).toEqual(['met']);
    expect(statusOf({ claim: claim('umlauts'), finding: fails })).toEqual(['failed']);
    expect(statusOf({ claim: claim('umlauts'), finding: undefined })).toEqual(['failed']);
    expect(statusOf({ claim: claim('umlauts', { status: 'not_met' }), finding: holds })).toEqual(['failed']);
    expect(statusOf()).toEqual(['missing']);
  });

  it('is not met by what was said of another task or another item', () => {
    expect(statusOf({ claim: claim('umlauts', { task: 'b' }), finding: holds })).toEqual(['missing']);
    expect(statusOf({ claim: claim('umlaut'), finding: holds })).toEqual(['missing']);
  });

  it('that is spoken of twice counts as the worse of the two', () => {
    const good = { claim: claim('umlauts'), finding: holds };
    const bad = { claim: claim('umlauts', { status: 'not_met' as const }), finding: undefined };
    expect(statusOf(good, bad)).toEqual(['failed']);
    expect(statusOf(bad, good)).toEqual(['failed']);
  });

  it('keeps a task back only where it must be met', () => {
    const results = judgeItems('a', [must, should], [{ claim: claim('umlauts'), finding: holds }]);
    expect(listUnmet([must, should], results)).toEqual([]);
    expect(listUnmet([must, should], []).map(({ id, status }) => [id, status])).toEqual([['umlauts', 'missing']]);
  });
});

describe('a command', () => {
  it('has to look at something', () => {
    for (const command of ['true', 'echo all passed', ' : ', 'echo a && true; exit 0', 'printf ok | yes', ''])
      expect(looksAtSomething(command), command).toBe(false);
    for (const command of ['npm test', 'echo a && node test.js', 'test -f a.txt', 'grep -q x src/a.ts'])
      expect(looksAtSomething(command), command).toBe(true);
  });

  it.each([
    ...['cd .', '(true)', '( true; )', '{ true; }', '! false', '!false', 'cd . && ! false', 'if true; then :; fi'],
    ...[
      'test 1',
      '[ 1 = 1 ]',
      '[ -n x ]',
      '[[ a == a ]]',
      'test -d .',
      'test "$(echo 1)" = 1',
      'X=1 true',
      '# npm test',
    ],
  ])('looks at nothing as %s', (command) => {
    expect(looksAtSomething(command)).toBe(false);
  });

  it.each([
    ...['(npm test)', '! grep -q x src/a.ts', 'cd src && ls a.ts', '{ node a.js; }', 'if node a.js; then exit 0; fi'],
    ...['[ -e src/a.ts ]', 'test ! -d src/old', '[[ a.txt -nt b.txt ]]', 'test "$(cat a.txt)" = b', 'X=1 node a.js'],
  ])('looks at something as %s', (command) => {
    expect(looksAtSomething(command)).toBe(true);
  });

  it('does not count as having printed what it was given itself', () => {
    expect(isInOutput('3 tests passed\n', { command: 'npm test', quote: '3  tests passed' })).toBe(true);
    expect(isInOutput('2 tests passed\n', { command: 'npm test', quote: '3 tests passed' })).toBe(false);
    expect(isInOutput('3 tests passed', { command: 'test -f a; echo 3 tests passed', quote: '3 tests passed' })).toBe(
      false,
    );
    expect(isInOutput('> npm test', { command: 'npm test', quote: 'npm test' })).toBe(false);
  });
});

describe('lines', () => {
  const text = 'first\n  second line\nthird\n';
  const at = (from: number, to: number, quote: string) => findTraceFault(text, { path: 'a.txt', from, to, quote });

  it('have to be there and say what is quoted', () => {
    expect(at(2, 2, 'second line')).toBeUndefined();
    expect(at(1, 3, 'second line third')).toBeUndefined();
    expect(at(1, 1, 'second line')).toBe('lines 1 to 1 of a.txt do not say that');
    expect(at(3, 4, 'third')).toBe('a.txt has 3 lines and no line 4');
    expect(at(3, 2, 'third')).toContain('no lines that could be looked at');
    expect(at(1, 201, 'third')).toContain('no lines that could be looked at');
    expect(findTraceFault(undefined, { path: 'b.txt', from: 1, to: 1, quote: 'x' })).toBe('there is no file b.txt');
  });

  it.each(['', ' ', '\n\t', '\u00a0', ' r ', '  s e'])('show nothing by a quote of %j', (quote) => {
    expect(at(1, 3, quote)).toBe('a quote of less than 3 characters shows nothing');
  });
});

it('says what a reviewer left out, made up or did not show', () => {
  const entries = [claim('umlauts', { evidence: undefined }), claim('invented')];
  expect(listComplaints([{ key: 'a', acceptance: [must, should] }], { entries }, [])).toEqual([
    'There is no entry for task "a", item "short".',
    'Nobody listed task "a", item "invented".',
    'The entry for task "a", item "umlauts" says met without evidence.',
  ]);
});

it('says when more commands are named than are run; those that were run already are none of them', () => {
  const acceptance = Array.from({ length: 14 }, (_, at) => ({ ...must, id: `a${at}` }));
  const entries = acceptance.map(({ id }, at) => claim(id, { evidence: { kind: 'command', command: `grep ${at} x` } }));
  expect(listComplaints([{ key: 'a', acceptance }], { entries }, ['grep 0 x'])).toEqual([
    'It names 13 different commands, and at most 12 are run.',
  ]);
  expect(listComplaints([{ key: 'a', acceptance }], { entries }, ['grep 0 x', 'grep 1 x'])).toEqual([]);
});

describe('a quote of what is taken out of every answer', () => {
  const text = "const url = 'x';\nconst key = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';\n";
  const at = (quote: string) => findTraceFault(text, { path: 'a.ts', from: 2, to: 2, quote });

  it('is compared with what would be left of the lines', () => {
    expect(at("const key = '[redacted]'")).toBeUndefined();
    expect(at("const other = '[redacted]'")).toBeDefined();
    expect(findTraceFault(text, { path: 'a.ts', from: 1, to: 1, quote: "const key = '[redacted]'" })).toBeDefined();
  });

  it('says nothing where it is the mark alone', () => {
    expect(at('[redacted]')).toBeDefined();
    expect(at(" '[redacted]'")).toBeDefined();
  });
});
