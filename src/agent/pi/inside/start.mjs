// Runs inside the sandbox, where home is empty at each start: writes pi's configuration and then becomes pi, in the same
// process. Plain JavaScript, since it should start at once. Arguments: the files to write as JSON, pi's entry, pi's own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [node, , files, entry, ...args] = process.argv;
const folder = join(homedir(), '.pi', 'agent');
mkdirSync(folder, { recursive: true });
for (const [name, content] of Object.entries(JSON.parse(files))) {
  writeFileSync(join(folder, name), JSON.stringify(content));
}
process.argv = [node, entry, ...args];
await import(pathToFileURL(entry));
