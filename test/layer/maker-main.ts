// A process of its own that makes a layer: maker-main.ts <folder> <hangs | ends>. Says when it has begun, and what it got.
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../../src/engine/remove-tree.ts';
import { createLayers } from '../../src/layer/create-layers.ts';
import { systemClock } from '../../src/process/system-clock.ts';
import { runProcess } from '../../src/subprocess/run-process.ts';
import { quiet } from '../support/quiet.ts';

const [, , folder = '', how] = process.argv;
const layers = createLayers({
  folder,
  bytesAtMost: 1_000_000_000,
  clock: systemClock,
  log: quiet,
  runProcess,
  removeTree,
});
const wanted = { repository: 'github.com/1', key: 'k1', signal: new AbortController().signal };
const layer = await layers.build(wanted, async ({ folder: tree }) => {
  await writeFile(join(tree, 'node_modules', `${how}.js`), '');
  await appendFile(join(folder, '..', 'began'), `${how}\n`);
  // Kept alive by a timer, as by a sandbox that is at work.
  if (how === 'hangs') await new Promise((resolve) => setTimeout(resolve, 3_600_000));
});
process.stdout.write(JSON.stringify(layer));
