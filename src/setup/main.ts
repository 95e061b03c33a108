// `npm run setup`: registers the GitHub App and writes the environment file. See README.md.
import { accessSync, constants, existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { parseArguments, type SetupArguments } from './arguments.ts';
import { startSetup } from './start-setup.ts';

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 64;
  }
  const obstacle = findObstacle(options);
  if (obstacle !== undefined) {
    process.stderr.write(`${obstacle}\n`);
    return 73;
  }
  try {
    await setUp(options);
    return 0;
  } catch (error) {
    process.stderr.write(
      `The set-up failed: ${error instanceof Error ? error.message : String(error)}. Run it again.\n`,
    );
    return 1;
  }
}

/** Found before anything is registered: the key of an App is handed out once, and would be lost. */
function findObstacle({ file, isForced }: SetupArguments): string | undefined {
  if (existsSync(file) && !isForced) return `${file} is there already; move it away, or say --force to replace it.`;
  try {
    accessSync(dirname(file), constants.W_OK);
    return undefined;
  } catch {
    return `${dirname(file)} is no folder that can be written to; say --file with another one.`;
  }
}

async function setUp(options: SetupArguments): Promise<void> {
  const setup = await startSetup(options);
  try {
    process.stdout.write(
      `Open this address in your browser:\n\n  ${setup.url}\n\n` +
        'Where that is on another machine, let it reach this one first, there: ' +
        `ssh -L ${setup.port}:127.0.0.1:${setup.port} ${hostname()}\n\n`,
    );
    const app = await setup.done;
    process.stdout.write(
      `Registered "${app.slug}" (App ${app.id}); ${options.file} is written with mode 600.\n` +
        `1. Install the App on your repositories: ${app.html_url}/installations/new\n` +
        `2. Put your model provider's key into ${options.file} (MODEL_API_KEY), and the prices of another model than the one there.\n` +
        '3. npm start\n',
    );
  } finally {
    setup.stop();
  }
}

process.exitCode = await main();
