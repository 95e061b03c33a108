// Process entry of the local GitHub: `--port N --control-port N --data FOLDER --path PATH`. Prints one line of JSON
// with both addresses when it listens, and ends on SIGTERM or when its standard input closes, that is when whoever
// started it is gone. It is a process of its own because the bot's git talks to it while others wait.
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createLocalGithub } from './create-local-github.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    data: { type: 'string' },
    path: { type: 'string', default: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin' },
  },
});
if (values.data === undefined) throw new Error('--data FOLDER is missing');
await mkdir(values.data, { recursive: true });

const github = await createLocalGithub({
  dataFolder: values.data,
  searchPath: values.path,
  port: Number(values.port),
  controlPort: Number(values['control-port']),
});
process.stdout.write(`${JSON.stringify({ apiUrl: github.apiUrl, controlUrl: github.controlUrl })}\n`);

const end = () => void github.stop().then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('SIGINT', end);
process.stdin.once('close', end);
process.stdin.resume();
