import { expect, it } from 'vitest';
import { SandboxRefused } from '../../src/engine/port/sandbox.ts';
import { toFailure } from '../../src/engine/to-failure.ts';

it('keeps what a sandbox cannot give and why, short and without secrets', () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const why = `its proof failed when the worker started (${secret}): ${'x'.repeat(1_000)}`;
  const cause = toFailure(new SandboxRefused('allowlist', why));
  expect(cause).toMatchObject({
    kind: 'sandbox_denied',
    capability: 'allowlist',
    why: expect.stringMatching(/^its proof failed when the worker started/),
  });
  expect(JSON.stringify(cause)).not.toContain(secret);
  expect(JSON.stringify(cause).length).toBeLessThan(500);
});
