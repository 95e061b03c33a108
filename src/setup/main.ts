// `npm run setup`: registers the GitHub App and writes the environment file. See README.md.
import { existsSync } from 'node:fs';
import { parseArguments } from './arguments.ts';
import { startSetup } from './start-setup.ts';

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 64;
  }
  if (existsSync(options.file) && !options.isForced) {
    process.stderr.write(`${options.file} is there already; move it away, or say --force to replace it.\n`);
    return 73;
  }
  const setup = await startSetup(options);
  process.stdout.write(`Open this address in your browser, on this machine:\n\n  ${setup.url}\n\n`);
  try {
    const app = await setup.done;
    process.stdout.write(
      `Registered "${app.slug}" (App ${app.id}); ${options.file} is written with mode 600.\n` +
        `1. Install the App on your repositories: ${app.html_url}/installations/new\n` +
        `2. Put your model provider's key into ${options.file} (MODEL_API_KEY).\n` +
        '3. npm start\n',
    );
    return 0;
  } catch (error) {
    process.stderr.write(
      `The set-up failed: ${error instanceof Error ? error.message : String(error)}. Run it again.\n`,
    );
    return 1;
  } finally {
    setup.stop();
  }
}

process.exitCode = await main();
