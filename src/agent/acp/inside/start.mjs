// Runs inside the sandbox, where home is empty at each start: writes the agent's configuration and then becomes the agent,
// in the same process. Plain JavaScript, since it should start at once. Arguments: the files to write as JSON, by their
// path below home, the agent's program, its arguments.
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const [, , files, program, ...args] = process.argv;
mkdirSync(homedir(), { recursive: true });
for (const [path, content] of Object.entries(JSON.parse(files))) {
  const file = join(homedir(), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { mode: 0o600 });
}
const path = program === 'node' ? process.execPath : program;
try {
  accessSync(path, constants.X_OK);
} catch {
  // Told in words: becoming what cannot be run ends this process with a stack and a signal.
  process.stderr.write(`${path} cannot be run\n`);
  process.exit(127);
}
process.execve(path, [path, ...args]);
