// The first file with settings says what the schema says, and asks for nothing but what it says in earnest.
import { expect, it } from 'vitest';
import { parsePolicyWithPast } from '../../../src/core/policy/parse-policy.ts';
import { renderFirstSettings } from '../../../src/core/policy/render-first-settings.ts';
import { suggestVerify } from '../../../src/core/run/suggest-verify.ts';

const parse = (text: string) => parsePolicyWithPast(text);

it.each([
  ['nothing', undefined, []],
  ['the command', './gradlew test', ['./gradlew test']],
] as const)('sets %s and leaves the rest as it is by default', (_, command, commands) => {
  const { policy, mistakes, given } = parse(renderFirstSettings(command));
  expect(mistakes).toEqual([]);
  expect(given).toEqual(command === undefined ? [] : ['verify.commands']);
  expect(policy).toEqual({ ...parse('').policy, verify: { ...parse('').policy.verify, commands } });
});

it('is right with every line that is commented out, and sets defaults and examples', () => {
  const text = renderFirstSettings(undefined).replace(/^#(?=\S| {2})/gm, '');
  const { policy, mistakes, given } = parse(text);
  expect(mistakes).toEqual([]);
  expect(given).toContain('gate.protected_paths');
  const usual = parse('').policy;
  const examples = { verify: { ...usual.verify, commands: ['npm test'] }, notes: { ...usual.notes, file: 'NOTES.md' } };
  expect(policy).toEqual({ ...usual, ...examples });
});

it.each([
  [{ scripts: { test: 'vitest' } }, ['go.mod'], 'npm test'],
  [{ scripts: { test: 'echo "Error: no test specified" && exit 1' } }, ['package.json', 'go.mod'], 'go test ./...'],
  [undefined, ['README.md', 'pyproject.toml'], 'pytest'],
  [undefined, ['README.md'], undefined],
])('takes the command from what lies there', (file, names, command) => {
  expect(suggestVerify(file && JSON.stringify(file), names)).toBe(command);
});
