// Every attempt to get out of the usual sandbox, as "npm run escapes" plays them.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { users } from '../sandbox/support/subject.ts';

const main = fileURLToPath(new URL('../sandbox/escape/escapes-main.ts', import.meta.url));

it('no attempt gets out, and each of them succeeds without a sandbox', async () => {
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, [main, 'bubblewrap'], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
  const promised = users.map((user) => {
    const title = `bubblewrap, of a worker that is ${user}`;
    return new RegExp(`^${title}: (\\d+) attempts, \\1 held, 0 reached$`);
  });
  // They are played at the same time.
  expect(output.trim().split('\n').sort().reverse()).toEqual(promised.map((line) => expect.stringMatching(line)));
  expect(code).toBe(0);
}, 3_600_000);
