// npm run escapes [-- provider…]: attempts to get out of each sandbox that can run here, each of which is shown to
// succeed without one. Ends with 0 only when none was reached and none proves nothing, and every provider that was asked
// for by its name could be played.
import { fileURLToPath } from 'node:url';
import { type ProviderName, providerNames } from '../support/open-provider.ts';
import { isRoot, type User } from '../support/subject.ts';
import { readProviderTools } from '../support/tools.ts';
import { enterMachine } from './enter-machine.ts';
import { notPlayed } from './outcome.ts';

const script = fileURLToPath(new URL('./on-machine-main.ts', import.meta.url));
const users: readonly User[] = isRoot ? ['root', 'ordinary user'] : ['ordinary user'];
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !providerNames.some((provider) => provider === name));
if (unknown === undefined) {
  const tools = await readProviderTools();
  let isAllProven = true;
  for (const provider of providerNames.filter((name) => wanted.length === 0 || wanted.includes(name))) {
    isAllProven = (await play(provider, tools)) && isAllProven;
  }
  process.exitCode = isAllProven ? 0 : 1;
} else {
  process.stderr.write(`There is no sandbox called ${unknown}, only ${providerNames.join(', ')}.\n`);
  process.exitCode = 2;
}

/** A machine for each kind of worker, at the same time: most of an attempt is waiting. */
async function play(provider: ProviderName, tools: Awaited<ReturnType<typeof readProviderTools>>): Promise<boolean> {
  const codes = await Promise.all(users.map((user) => enterMachine(script, { tools, provider, user })));
  const isPlayed = codes.some((code) => code !== notPlayed);
  return codes.every((code) => code === 0 || code === notPlayed) && (isPlayed || wanted.length === 0);
}
