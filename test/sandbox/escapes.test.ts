// What the figures of "npm run escapes" say; the attempts themselves are played by that command.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isProven, leastAttempts, type Outcome, renderTally, tally } from './escape/outcome.ts';

const run = (name: string, args: readonly string[]) =>
  new Promise<{ code: unknown; output: string }>((resolve) => {
    const script = fileURLToPath(new URL(`./escape/${name}`, import.meta.url));
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });

describe('attempts to get out of a sandbox', () => {
  it('are never made on the machine itself', async () => {
    const { code, output } = await run('on-machine-main.ts', ['{}']);
    expect(output).toContain('never made on the machine itself');
    expect(code).not.toBe(0);
  });

  it('are not played against a sandbox that is not there', async () => {
    const { code, output } = await run('escapes-main.ts', ['cardboard']);
    expect(output).toContain('only bubblewrap');
    expect(code).toBe(2);
  });
});

describe('the verdict on attempts', () => {
  const held: Outcome = { area: 'files', name: 'reads', succeedsWithout: true, isReached: false };
  const enough = Array.from({ length: leastAttempts }, () => held);

  it('is good when enough were made and all were held', () => {
    expect(isProven(tally(enough))).toBe(true);
    expect(renderTally('x', tally(enough))).toBe('x: 60 attempts, 60 held, 0 reached');
  });

  it('is bad when one got out, when one proves nothing, and when too few were made', () => {
    const out = tally([...enough, { ...held, isReached: true }]);
    expect(isProven(out)).toBe(false);
    expect(renderTally('x', out)).toBe('x: 61 attempts, 60 held, 1 reached');
    const hollow = tally([...enough, { ...held, succeedsWithout: false }]);
    expect(isProven(hollow)).toBe(false);
    expect(renderTally('x', hollow)).toMatch(/61 held, 0 reached; 1 did not succeed without a sandbox either/);
    expect(isProven(tally(enough.slice(1)))).toBe(false);
  });
});
