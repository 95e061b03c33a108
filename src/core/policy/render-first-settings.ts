// A first `.github/gatepilot.yml`: the few keys that people change first, described by the schema that reads them. What is
// commented out is the default, so that the file changes nothing but what stands there in earnest.
import { z } from 'zod';
import { policyJsonSchema } from './policy-json-schema.ts';

const Described = z.object({ description: z.string(), default: z.unknown().optional() });
const Schema = z.object({
  properties: z.record(
    z.string(),
    z.object({ description: z.string(), properties: z.record(z.string(), Described).optional() }),
  ),
});

/** By section, in the order in which they are shown. */
const shown = {
  verify: ['commands', 'timeout_minutes'],
  mode: ['plan_approval'],
  gate: ['protected_paths', 'auto_merge'],
  review: ['blocking'],
  budget: ['run_usd', 'day_usd'],
  notes: ['file', 'propose'],
} as const;

/** What stands for a key that has no default. */
const examples: Readonly<Record<string, unknown>> = { 'notes.file': 'NOTES.md', 'verify.commands': ['npm test'] };

export function renderFirstSettings(verifyCommand: string | undefined): string {
  const { properties } = Schema.parse(policyJsonSchema());
  const sections = Object.entries(shown).map(([name, keys]) => {
    const section = properties[name];
    const isGiven = name === 'verify' && verifyCommand !== undefined;
    const entries = keys.flatMap((key) => {
      const entry = section?.properties?.[key];
      const isInForce = isGiven && key === 'commands';
      const value = isInForce ? [verifyCommand] : (examples[`${name}.${key}`] ?? entry?.default);
      return [`  # ${entry?.description ?? ''}`, `${isInForce ? '' : '#'}  ${key}: ${JSON.stringify(value)}`];
    });
    return [`# ${section?.description ?? ''}`, `${isGiven ? '' : '#'}${name}:`, ...entries].join('\n');
  });
  const head =
    '# What Gatepilot does in this repository. Every key is optional; a line that begins with "#" and no space shows a default\n' +
    '# or an example, and counts when the "#" is taken away, together with that of its section. The file counts as it is on the\n' +
    '# default branch. A mistake in it is shown on the next run with its line.';
  return `${[head, ...sections].join('\n\n')}\n`;
}
