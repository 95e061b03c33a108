// A mistake is one in whichever version of a file it is made: what stays in force is what somebody said there, never what
// nobody said anything about.
import { describe, expect, it } from 'vitest';
import { isMistakeOf } from '../../../src/core/policy/is-mistake-of.ts';
import { parseSettings } from '../../../src/core/policy/parse-settings.ts';

const first = 'verify: { commands: [sh check.sh] }\n';
const guarded = ['verify', 'gate', 'sandbox', 'setup', 'review', 'publish'];

function isMistaken(policyText: string, wanted: readonly string[], ...earlierPolicyTexts: string[]): boolean {
  return parseSettings({ policyText, earlierPolicyTexts }).mistakes.some((mistake) => isMistakeOf(mistake, wanted));
}

describe('what nobody knows the meaning of', () => {
  it.each([
    ['a bad value', 'gate: { protected_paths: "infra/**" }\n'],
    ['a bad value of a choice', 'gate: { other_prs: reviews }\n'],
    ['a name with a slip', 'gate: { other_pr: review }\n'],
    ['a section with a slip', 'gates: { other_prs: review }\n'],
    ['a key outside of its section', 'other_prs: review\n'],
    ['a key in another section', 'mode: { other_prs: review }\n'],
    ['a section that is none', 'gate: review\n'],
    ['a section that is there twice', 'gate: { strict: true }\ngate: { other_prs: review }\n'],
    ['a file that cannot be read', 'gate: { other_prs: review\n'],
  ])('is a mistake in the first version of a file and in every later one: %s', (_, text) => {
    const now = first + text;
    expect(isMistaken(now, guarded)).toBe(true);
    expect(isMistaken(now, guarded, first)).toBe(true);
    expect(isMistaken(now, ['gate.other_prs'], first)).toBe(true);
    expect(isMistaken(now, guarded, now, first)).toBe(true);
  });

  it('is what the file said before, where it said that key itself, and as often as it is wrong', () => {
    const said = `${first}gate: { other_prs: review, protected_paths: [infra/**] }\n`;
    for (const text of ['gate: { other_prs: reviews }\n', 'gate: { protected_paths: 5 }\n']) {
      expect(isMistaken(first + text, guarded, said)).toBe(false);
      expect(isMistaken(first + text, guarded, first + text, said)).toBe(false);
    }
  });

  it('is not what stood there before somebody took it out', () => {
    const said = `${first}gate: { other_prs: review }\n`;
    expect(isMistaken(`${first}gate: { other_prs: reviews }\n`, guarded, first, said)).toBe(true);
  });

  it('is not what the organisation says, or a default', () => {
    const organisation = { repository: 'acme/.github', policyText: 'gate: { other_prs: observe }\n' };
    const policyText = `${first}gate: { other_prs: reviews }\n`;
    const { mistakes } = parseSettings({ policyText, earlierPolicyTexts: [first], organisation });
    expect(mistakes.some((mistake) => isMistakeOf(mistake, ['gate.other_prs']))).toBe(true);
  });

  it('of a file that cannot be read is all but the keys that it said', () => {
    const said = `${first}gate: { other_prs: review }\n`;
    for (const text of ['gate: [', `${first}gate: review\n`]) {
      expect(isMistaken(text, ['gate.other_prs'], said)).toBe(false);
      expect(isMistaken(text, ['gate.other_prs'], text, said)).toBe(false);
      expect(isMistaken(text, ['gate'], said)).toBe(true);
      expect(isMistaken(text, ['review.blocking'], said)).toBe(text === 'gate: [');
    }
  });

  it('is not hidden behind more mistakes than are told', () => {
    const many = Array.from({ length: 300 }, (_, at) => `key${at}: 1`).join('\n');
    expect(isMistaken(`${many}\n`, guarded)).toBe(true);
    expect(isMistaken(`${first}${many}\ngate: { other_prs: reviews }\n`, ['gate.other_prs'], first)).toBe(true);
  });

  it('concerns nobody who wants to know something else', () => {
    expect(isMistaken(`${first}max_tasks: many\npilots: { enabled: 5 }\n`, guarded, first)).toBe(false);
  });
});
