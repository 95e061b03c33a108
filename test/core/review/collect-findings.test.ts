import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/model/finding.ts';
import { collectFindings, type StepAnswer } from '../../../src/core/review/collect-findings.ts';
import { parseFindings } from '../../../src/core/review/parse-findings.ts';
import { found } from '../run/outcome.ts';

function list(...claims: unknown[]): string {
  return `I looked at it.\n\n\`\`\`findings\n${JSON.stringify(claims)}\n\`\`\`\n`;
}

const claim = (line: number, more: object = {}) => ({
  severity: 'minor',
  path: 'a.ts',
  line,
  what: `W${line}`,
  ...more,
});
const heard = { isAsked: true, isCutShort: false };
const look = (text: string, step = 'look'): StepAnswer => ({ step, stage: 0, text, ...heard });
const check = (text: string): StepAnswer => ({ step: 'check', stage: 1, text, ...heard });

describe('findings', () => {
  it('are read from the last list of an answer; what does not fit is left out by itself, and counted', () => {
    const answer = `${list(claim(1))}No, rather:\n${list(claim(2), { severity: 'minor', path: 'a.ts' }, 'x', claim(3))}`;
    expect(parseFindings(answer)).toMatchObject({ claims: [{ line: 2 }, { line: 3 }], unread: 2 });
    expect(parseFindings(list(...Array.from({ length: 130 }, (_, at) => claim(at + 1))))?.unread).toBe(30);
    expect(parseFindings('All is well.')).toBeUndefined();
    expect(parseFindings('```findings\n{not json\n```')).toBeUndefined();
    expect(parseFindings(list())).toEqual({ claims: [], unread: 0 });
  });

  it('are understood where a word is spelt otherwise, and never lost for it', () => {
    const spelt = list(
      claim(1, { severity: 'Critical ', status: 'Refuted' }),
      claim(2, { severity: 'high', line: '12', status: 'yes' }),
    );
    expect(parseFindings(spelt)?.claims).toMatchObject([
      { severity: 'critical', line: 1, status: 'refuted' },
      { severity: 'major', line: 12, status: undefined },
    ]);
  });

  it('are the same when they are read once more, wherever they were cut', () => {
    const word = fc.constantFrom('x'.repeat(399), 'x'.repeat(299), 'a', '\u{1f4a5}', ' ', './', '/workspace/', 'ab');
    const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(''));
    fc.assert(
      fc.property(text, text, (what, path) => {
        const { claims = [] } = parseFindings(list(claim(1, { what, path: `${path}a`, how: what, why: what }))) ?? {};
        expect(parseFindings(list(...claims))?.claims).toEqual(claims);
        for (const said of claims.flatMap((one) => [one.what, one.path])) expect(said.isWellFormed()).toBe(true);
      }),
    );
  });

  it('are confirmed or refuted by the step that checks them, and unverified where it says nothing', () => {
    const { findings, isListed } = collectFindings([
      look(list(claim(1), claim(2), claim(3, { severity: 'critical' }))),
      check(list(claim(1, { status: 'refuted', why: 'no' }), claim(2, { status: 'confirmed' }))),
    ]);
    expect(isListed).toBe(true);
    expect(findings.map(({ line, status, why }) => [line, status, why])).toEqual([
      [2, 'confirmed', undefined],
      [3, 'unverified', undefined],
      [1, 'refuted', 'no'],
    ]);
  });

  it('are known by one path, however an agent writes it', () => {
    const paths = ['./a.ts', '/workspace/a.ts', 'a.ts'].map((path) => claim(1, { path }));
    expect(parseFindings(list(...paths))?.claims.map(({ path }) => path)).toEqual(['a.ts', 'a.ts', 'a.ts']);
  });

  it('that only the last step reports are confirmed by nobody, whatever it says', () => {
    const { findings } = collectFindings([look(list()), check(list(claim(4, { status: 'confirmed' })))]);
    expect(findings).toMatchObject([{ line: 4, status: 'unverified', by: 'check' }]);
    const [alone] = collectFindings([look(list(claim(5, { status: 'confirmed' })))]).findings;
    expect(alone).toMatchObject({ status: 'unverified' });
  });

  describe('of two steps about one place', () => {
    const name = claim(12, { what: 'The name is misleading.' });
    const injection = claim(12, { severity: 'critical', what: 'SQL injection.' });
    const judge = (...verdicts: object[]) =>
      collectFindings([look(list(name), 'code'), look(list(injection), 'security'), check(list(...verdicts))])
        .findings.map(({ what, status }) => `${what} ${status}`)
        .toSorted();

    it('get each their own verdict, in whatever order they are judged', () => {
      const verdicts = [
        { ...name, status: 'refuted' },
        { ...injection, status: 'confirmed' },
      ];
      const each = ['SQL injection. confirmed', 'The name is misleading. refuted'];
      expect(judge(...verdicts)).toEqual(each);
      expect(judge(...verdicts.toReversed())).toEqual(each);
    });

    it('are not settled by a verdict on the other one, nor by one of which nobody knows which it is about', () => {
      expect(judge({ ...name, status: 'refuted' })).toEqual([
        'SQL injection. unverified',
        'The name is misleading. refuted',
      ]);
      expect(judge(claim(12, { what: 'No.', status: 'refuted' }))).toEqual([
        'No. unverified',
        'SQL injection. unverified',
        'The name is misleading. unverified',
      ]);
    });
  });

  it('are judged in other words only where nothing else was said of that line', () => {
    const reworded = { what: 'It may fail.', status: 'confirmed' };
    const judge = (...answers: StepAnswer[]) => collectFindings(answers).findings.map(({ status }) => status);
    expect(judge(look(list(claim(1))), check(list(claim(1, reworded))))).toEqual(['confirmed']);
    const whole = { line: undefined };
    expect(judge(look(list(claim(1, whole))), check(list(claim(1, { ...whole, ...reworded }))))).toEqual([
      'unverified',
      'unverified',
    ]);
    const two = list(claim(1, reworded), claim(1, { what: 'It may not.', status: 'refuted' }));
    expect(new Set(judge(look(list(claim(1))), check(two)))).toEqual(new Set(['unverified']));
    const torn = list(claim(1, { status: 'confirmed' }), claim(1, { status: 'refuted' }));
    expect(judge(look(list(claim(1))), check(torn))).toEqual(['unverified']);
  });

  it('may be missing: steps that gave no list or were cut short are named, and others are not', () => {
    const { unheard, unread, isListed } = collectFindings([
      { ...look('I see.', 'explore'), isAsked: false },
      look('It throws in a.ts.', 'code'),
      { ...look(list(), 'security'), isCutShort: true },
      check(list('x')),
    ]);
    expect({ unheard, unread, isListed }).toEqual({ unheard: ['code', 'security'], unread: 1, isListed: true });
  });

  it('are cut to what a record holds, and how many are left out is known', () => {
    const many = Array.from({ length: 80 }, (_, index) => claim(index + 1, { what: `${'x'.repeat(5_000)}` }));
    const { findings, omitted } = collectFindings([look(list(...many))]);
    expect([findings.length, omitted]).toEqual([30, 50]);
    expect(JSON.stringify(findings).length).toBeLessThan(60_000);
  });

  describe('of the change before', () => {
    const hole = found({ id: 'F-1', severity: 'critical', what: 'There is a hole.', by: 'security' });
    const earlier = (claimed: Finding[], undecided: Finding[] = []) => ({ claimed, undecided });
    const said = (status: string, more: object = {}) => ({
      ...claim(3),
      path: hole.path,
      what: hole.what,
      status,
      ...more,
    });

    it('are all judged, by exactly what is said of each, however many are new', () => {
      const flood = Array.from({ length: 40 }, (_, at) => claim(at + 1, { status: 'unverified' }));
      const { again, findings, omitted, unjudged } = collectFindings(
        [
          look(list(...flood)),
          check(list(said('fixed', { evidence: { kind: 'command', command: 'npm test' } }), ...flood)),
        ],
        earlier([hole]),
      );
      expect(again).toEqual([
        { earlier: hole, said: { status: 'fixed', evidence: { kind: 'command', command: 'npm test' } } },
      ]);
      expect([findings.length, omitted, unjudged]).toEqual([30, 10, 0]);
    });

    it('are there also where nothing is said of them, which is no review', () => {
      const { again, unjudged } = collectFindings([look(list()), check(list())], earlier([hole]));
      expect(again).toEqual([{ earlier: hole, said: { status: 'unverified' } }]);
      expect(unjudged).toBe(1);
    });

    it('are known again where their text was cut at a space', () => {
      const cut = { ...hole, what: `${hole.what} ` };
      const { again, findings } = collectFindings(
        [look(list(said('confirmed'))), check(list(said('confirmed')))],
        earlier([cut]),
      );
      expect(again).toEqual([{ earlier: cut, said: { status: 'confirmed' } }]);
      expect(findings).toEqual([]);
    });

    it('are not said twice, whether somebody checks them or a person is to decide', () => {
      const asked = found({ id: 'F-2', what: 'It breaks a promise.', isForPerson: true, status: 'unverified' });
      const claims = [said('refuted'), said('refuted', { what: asked.what, person: true })];
      const { findings } = collectFindings([look(list(...claims)), check(list(...claims))], earlier([hole], [asked]));
      expect(findings).toEqual([]);
    });

    it('leave room for so many that people are to decide, and for every new one that is confirmed', () => {
      const asked = Array.from({ length: 98 }, (_, at) => found({ id: `F-${at}`, isForPerson: true, what: `W${at}` }));
      const fresh = [1, 2, 3].map((line) => claim(line, { person: true, what: `P${line}` }));
      const real = claim(9, { status: 'confirmed' });
      const all = list(...fresh, real);
      const { findings, omitted } = collectFindings([look(all), check(all)], earlier([], asked));
      expect(findings.map(({ what }) => what)).toEqual(['W9', 'P1', 'P2']);
      expect(omitted).toBe(1);
    });
  });

  it('never throw and never confirm anything that an earlier step did not report, whatever agents write', () => {
    const piece = fc.oneof(
      fc.constantFrom('```findings', '```', '````findings', '[', ']', '{"severity":"minor"', '[]', 'null', '\n'),
      fc.string(),
      fc.array(fc.anything()).map((value) => `\n\`\`\`findings\n${JSON.stringify(value) ?? ''}\n\`\`\`\n`),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('\n'));
    fc.assert(
      fc.property(text, text, (first, second) => {
        const reported = parseFindings(first)?.claims ?? [];
        for (const { status, path, line } of collectFindings([look(first), check(second)]).findings)
          if (status === 'confirmed') expect(reported.some((one) => one.path === path && one.line === line)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
