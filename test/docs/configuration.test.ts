import { join } from 'node:path';
import { expect, it } from 'vitest';
import { policyJsonSchema } from '../../src/core/policy/policy-json-schema.ts';
import { renderPolicyManual } from '../../src/core/policy/render-policy-manual.ts';
import { guardedSections } from '../../src/core/run/read-run-policy.ts';

it('says of every setting what the schema says (made anew by "npm test -- -u")', async () => {
  const manual = renderPolicyManual({ guardedSections });
  await expect(manual).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/configuration.md'));
});

it('offers editors the same as a JSON Schema (made anew by "npm test -- -u")', async () => {
  const schema = `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
  await expect(schema).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/schema/gatepilot.json'));
});
