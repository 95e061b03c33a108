// The programs of the machine that runs the tests, found or brought as the product itself does it.
import { join, resolve } from 'node:path';
import { ensurePrerequisites } from '../../src/prerequisite/ensure-prerequisites.ts';
import type { Need, Tools } from '../../src/prerequisite/prerequisite.ts';

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** The same folder as the product's own start from a checkout, so that nothing is brought twice. */
const cacheFolder = join(resolve(import.meta.dirname, '../..'), '.cache/tools');

export async function readMachineTools<Name extends Need>(...needs: Name[]): Promise<Required<Pick<Tools, Name>>> {
  const out = (line: string) => process.stderr.write(`${line}\n`);
  const result = await ensurePrerequisites({ needs, cacheFolder, environment: { PATH: searchPath }, out });
  if (result.kind === 'missing') {
    throw new Error(result.problems.map((problem) => `${problem.what} ${problem.mend}`).join('\n'));
  }
  // Ready means: one entry for each need that was asked for.
  return result.tools as Required<Pick<Tools, Name>>;
}
