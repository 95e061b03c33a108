import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderPolicyManual } from '../../src/core/policy/render-policy-manual.ts';
import { carriedOut } from '../../src/core/run/read-run-policy.ts';

it('says of every setting what the schema says (made anew by "npm test -- -u")', async () => {
  const manual = renderPolicyManual((key) => carriedOut.has(key));
  await expect(manual).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/configuration.md'));
});
