// npm run escapes [-- provider…]: attempts to get out of each sandbox that can run here, each of which is shown to
// succeed without one. Ends with 0 only when none was reached and none proves nothing.
import { fileURLToPath } from 'node:url';
import { providers } from '../support/subject.ts';
import { readProviderTools } from '../support/tools.ts';
import { enterMachine } from './enter-machine.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !providers.some((provider) => provider === name));
if (unknown === undefined) {
  const script = fileURLToPath(new URL('./on-machine-main.ts', import.meta.url));
  const chosen = providers.filter((provider) => wanted.length === 0 || wanted.includes(provider));
  process.exitCode = await enterMachine(script, { tools: await readProviderTools(), providers: chosen });
} else {
  process.stderr.write(`No sandbox called ${unknown} can run here, only ${providers.join(', ')}.\n`);
  process.exitCode = 2;
}
