// The settings of a repository above those of its organisation.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalText } from '../../../src/core/policy/canonical-text.ts';
import { isMistakeOf } from '../../../src/core/policy/is-mistake-of.ts';
import { parsePolicy } from '../../../src/core/policy/parse-policy.ts';
import { parseSettings } from '../../../src/core/policy/parse-settings.ts';
import { renderPolicyMistake } from '../../../src/core/reply/render-policy-mistake.ts';

const repository = 'acme/.github';
const of = (policyText: string, ...earlierPolicyTexts: string[]) => ({ repository, policyText, earlierPolicyTexts });

it('takes each key from the nearest file that sets it, and says which', () => {
  const { policy, given, mistakes } = parseSettings({
    policyText: 'verify: { commands: [npm test] }\nmax_tasks: 3\n',
    organisation: of('verify: { commands: [make], timeout_minutes: 7 }\nmax_tasks: 9\nmax_attempts: 2\n'),
  });
  expect(policy).toMatchObject({
    max_tasks: 3,
    max_attempts: 2,
    verify: { commands: ['npm test'], timeout_minutes: 7 },
  });
  expect(mistakes).toEqual([]);
  expect(given).toEqual([
    { key: 'verify.commands' },
    { key: 'max_tasks' },
    { key: 'verify.timeout_minutes', file: repository },
    { key: 'max_attempts', file: repository },
  ]);
});

it('is what it was where there is no organisation, or it says nothing', () => {
  const policyText = 'max_tasks: 3\n';
  const alone = parsePolicy(policyText).policy;
  expect(parseSettings({ policyText }).policy).toEqual(alone);
  expect(parseSettings({ policyText, organisation: { repository } }).policy).toEqual(alone);
});

it('says in which file a mistake is, and keeps what that file said when it was right', () => {
  const { policy, mistakes } = parseSettings({
    policyText: 'max_attempts: 3\n',
    organisation: of('gate: { protected_paths: 5 }\n', 'gate: { protected_paths: [deploy/**] }\n'),
  });
  expect(policy.gate.protected_paths).toEqual(['deploy/**']);
  expect(mistakes.map(renderPolicyMistake)).toEqual([
    'in acme/.github, line 1, column 26: gate.protected_paths: found 5, expected a list; it does not apply, and what the file said before is in force',
  ]);
});

it('does not stop a repository for what the organisation says wrongly and it says itself, and for everything else', () => {
  const organisation = of('verify: { commands: 5 }\n');
  const isBlocked = (policyText: string) =>
    parseSettings({ policyText, organisation }).mistakes.some((mistake) => isMistakeOf(mistake, ['verify']));
  expect(isBlocked('verify: { commands: [make] }\n')).toBe(false);
  expect(isBlocked('max_tasks: 3\n')).toBe(true);
  const unreadable = parseSettings({ policyText: 'max_tasks: 3\n', organisation: of('verify: [\n') });
  expect(unreadable.mistakes.some((mistake) => isMistakeOf(mistake, ['verify']))).toBe(true);
});

it('starts nothing by time that the repository does not say itself', () => {
  const organisation = of('schedule:\n  - { name: nightly, text: Look, cron: "0 0 * * *" }\n');
  const { policy, given } = parseSettings({ policyText: 'max_tasks: 3\n', organisation });
  expect(policy.schedule).toEqual([]);
  expect(given).toEqual([{ key: 'max_tasks' }]);
});

const tasks = fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined });
const text = (max: number | undefined, strict: boolean | undefined) =>
  [max === undefined ? '' : `max_tasks: ${max}`, strict === undefined ? '' : `gate: { strict: ${strict} }`].join('\n');
const flag = fc.option(fc.boolean(), { nil: undefined });

it('has one hash for the same settings, whichever file they come from, and another for others', () => {
  fc.assert(
    fc.property(tasks, tasks, flag, flag, (own, below, ownFlag, belowFlag) => {
      const layered = parseSettings({ policyText: text(own, ownFlag), organisation: of(text(below, belowFlag)) });
      const alone = parsePolicy(text(own ?? below, ownFlag ?? belowFlag));
      expect(canonicalText(layered.policy)).toBe(canonicalText(alone.policy));
    }),
  );
});
