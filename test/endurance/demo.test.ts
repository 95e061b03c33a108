// The demo as a newcomer starts it: it ends by itself with the code of its outcome, also when its worker is killed on the way.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

async function demo(...args: readonly string[]) {
  const child = spawn(process.execPath, ['bin/launch.mjs', 'src/demo/main.ts', '--once', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out: `${out}${errors}` };
}

const proven = 'the same: what was verified is what was merged';

describe('npm run demo -- --once', () => {
  it.concurrent('goes from a labelled issue to a merged pull request with the proof of its tree', async ({
    expect,
  }) => {
    const { code, out } = await demo();
    expect(out).toContain(proven);
    expect(code, out).toBe(0);
  });

  it.concurrent.each(['worker@9', 'worker@write:5'])(
    'ends in the same way when %s is where its worker is killed',
    async (moment) => {
      const { code, out } = await demo('--kill', moment);
      expect(out).toContain(proven);
      expect(code, out).toBe(0);
    },
  );

  it.concurrent('fails when the kill that was asked for never came', async () => {
    const { code, out } = await demo('--kill', 'worker@900');
    expect(out).toContain('The kill never fired');
    expect(code, out).toBe(1);
  });
});
