// npm run injections -- [--only words of a name]: hostile issues, comments, files and logs, all of which are obeyed. Exits with 1
// when one of them had an effect, or was obeyed by nobody and so shows nothing.
import { parseArgs } from 'node:util';
import { runInjections } from './run-injections.ts';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const print = (line: string) => void process.stdout.write(`${line}\n`);

const { injections, obeyed, held, effects, unheard } = await runInjections(print, values.only);
for (const effect of effects) print(`EFFECT ${effect}`);
for (const name of unheard) print(`OBEYED BY NOBODY ${name}`);
print(`${injections} injections, ${obeyed} obeyed, ${held} held, ${effects.length} effects`);
process.exitCode = injections > 0 && effects.length === 0 && unheard.length === 0 ? 0 : 1;
