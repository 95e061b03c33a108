// Once and before any test: finds or brings the programs that the tests run on, so that they do not do it all at the
// same time, and says in one sentence what is missing. Everything that tests write lies in one folder of this run, which
// goes with it, and with every process that is still at work there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { findTools } from './redis.ts';
import { chooseTestFolder } from './test-folder.ts';

export default async function prepareRun(): Promise<() => Promise<void>> {
  await findTools(['git', 'redis', 'bubblewrap']);
  const folder = await mkdtemp(join(chooseTestFolder(process.env['TMPDIR']), 'gp-'));
  // Sandboxes of root belong to other users, who must come through.
  await chmod(folder, 0o711);
  process.env['TMPDIR'] = folder;
  // A session of its own: the Ctrl-C that ends this process must not end it as well.
  const undertaker = spawn(process.execPath, [join(import.meta.dirname, 'undertaker-main.ts'), folder], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  const isOver = once(undertaker, 'exit');
  return async () => {
    undertaker.stdin.end();
    await isOver;
  };
}
