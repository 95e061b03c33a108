import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectFindings, type StepAnswer } from '../../../src/core/review/collect-findings.ts';
import { parseFindings } from '../../../src/core/review/parse-findings.ts';

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
const look = (text: string, step = 'look'): StepAnswer => ({ step, stage: 0, text });
const check = (text: string): StepAnswer => ({ step: 'check', stage: 1, text });

describe('findings', () => {
  it('are read from the last list of an answer; what does not fit is left out by itself', () => {
    const answer = `${list(claim(1))}No, rather:\n${list(claim(2), { severity: 'awful', path: 'a.ts', what: 'x' }, 'x', claim(3))}`;
    expect(parseFindings(answer)?.map(({ line }) => line)).toEqual([2, 3]);
    expect(parseFindings('All is well.')).toBeUndefined();
    expect(parseFindings('```findings\n{not json\n```')).toBeUndefined();
    expect(parseFindings(list())).toEqual([]);
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

  it('that only the last step reports are confirmed by nobody, whatever it says', () => {
    const { findings } = collectFindings([look(list()), check(list(claim(4, { status: 'confirmed' })))]);
    expect(findings).toMatchObject([{ line: 4, status: 'unverified', by: 'check' }]);
    const [alone] = collectFindings([look(list(claim(5, { status: 'confirmed' })))]).findings;
    expect(alone).toMatchObject({ status: 'unverified' });
  });

  it('of two steps about one place are both judged by what is said of that place', () => {
    const { findings } = collectFindings([
      look(list(claim(1)), 'code'),
      look(list(claim(1, { what: 'Also unsafe.' })), 'security'),
      check(list(claim(1, { status: 'confirmed' }))),
    ]);
    expect(findings.map(({ by, status }) => `${by} ${status}`)).toEqual(['code confirmed', 'security confirmed']);
  });

  it('are cut to what a record holds, and how many are left out is known', () => {
    const many = Array.from({ length: 80 }, (_, index) => claim(index + 1, { what: `${'x'.repeat(5_000)}` }));
    const { findings, omitted } = collectFindings([look(list(...many))]);
    expect([findings.length, omitted]).toEqual([30, 50]);
    expect(JSON.stringify(findings).length).toBeLessThan(60_000);
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
        const reported = parseFindings(first) ?? [];
        for (const { status, path, line } of collectFindings([look(first), check(second)]).findings)
          if (status === 'confirmed') expect(reported.some((one) => one.path === path && one.line === line)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
