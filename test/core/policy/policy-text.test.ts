import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/core/policy/canonical-text.ts';
import { parsePolicy } from '../../../src/core/policy/parse-policy.ts';
import { policySections } from '../../../src/core/policy/policy.ts';
import { policyJsonSchema } from '../../../src/core/policy/policy-json-schema.ts';

describe('the canonical text', () => {
  it('is the same whatever the order and form of the file', () => {
    const one = parsePolicy('max_tasks: 5\nverify:\n  timeout_minutes: 3\n  commands: [a, b]\n').policy;
    const other = parsePolicy('{"verify": {"commands": ["a", "b"], "timeout_minutes": 3}, "max_tasks": 5}').policy;
    expect(canonicalText(one)).toBe(canonicalText(other));
    expect(canonicalText(parsePolicy('max_tasks: 12').policy)).toBe(canonicalText(parsePolicy(undefined).policy));
  });

  it('is the same whatever the order of the keys in memory', () => {
    const { policy } = parsePolicy('max_tasks: 5');
    const { mode, ...rest } = policy;
    const reversed = { ...rest, mode: { draft_prs: mode.draft_prs, plan_approval: mode.plan_approval } };
    expect(JSON.stringify(reversed)).not.toBe(JSON.stringify(policy));
    expect(canonicalText(reversed)).toBe(canonicalText(policy));
  });

  it('differs with every setting and with the order of a list', () => {
    const texts = [
      '',
      'max_tasks: 5',
      'gate: {strict: true}',
      'verify: {commands: [a, b]}',
      'verify: {commands: [b, a]}',
    ];
    const canonical = texts.map((text) => canonicalText(parsePolicy(text).policy));
    expect(new Set(canonical).size).toBe(texts.length);
  });

  it('holds all of the settings', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.boolean(), (tasks, strict) => {
        const { policy } = parsePolicy(`max_tasks: ${tasks}\ngate: { strict: ${strict} }`);
        expect(JSON.parse(canonicalText(policy))).toEqual(policy);
      }),
    );
  });
});

describe('the JSON Schema', () => {
  const schema = policyJsonSchema();
  const validate = addFormats.default(new Ajv2020({ strict: false })).compile(schema);

  it('accepts and refuses what the settings do', () => {
    expect(validate({})).toBe(true);
    expect(validate({ verify: { commands: ['npm test'] }, max_tasks: 5 })).toBe(true);
    expect(validate(parsePolicy(undefined).policy)).toBe(true);
    expect(validate({ verify: { commands: 'npm test' } })).toBe(false);
    expect(validate({ verifi: {} })).toBe(false);
    expect(validate({ max_tasks: 31 })).toBe(false);
  });

  it('describes every key', () => {
    const properties: Record<string, Described> = Object(schema.properties);
    for (const [name, section] of Object.entries(properties)) expect(section.description, name).toMatch(/^[A-Z].*\.$/);
    for (const [name, { shape }] of Object.entries(policySections)) {
      for (const key of Object.keys(shape)) {
        expect(properties[name]?.properties?.[key]?.description, `${name}.${key}`).toMatch(/\.$/);
      }
    }
  });
});

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
}
