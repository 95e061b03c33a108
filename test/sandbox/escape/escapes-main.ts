// npm run escapes [-- provider…]: attempts to get out of each sandbox that can run here, each of which is shown to
// succeed without one. Ends with 0 only when none was reached and none proves nothing, and every provider that was asked
// for by its name could be played.
import { fileURLToPath } from 'node:url';
import { providerNames } from '../support/open-provider.ts';
import { readProviderTools } from '../support/tools.ts';
import { enterMachine } from './enter-machine.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !providerNames.some((provider) => provider === name));
if (unknown === undefined) {
  const script = fileURLToPath(new URL('./on-machine-main.ts', import.meta.url));
  const chosen = providerNames.filter((provider) => wanted.length === 0 || wanted.includes(provider));
  const arrival = { tools: await readProviderTools(), providers: chosen, mustRun: wanted.length > 0 };
  process.exitCode = await enterMachine(script, arrival);
} else {
  process.stderr.write(`There is no sandbox called ${unknown}, only ${providerNames.join(', ')}.\n`);
  process.exitCode = 2;
}
