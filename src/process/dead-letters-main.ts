// For operators: `npm run dead-letters -- list` and `npm run dead-letters -- replay <id>`.
import { redactKeys } from '../core/sanitise/redact-keys.ts';
import { createDeadLetters } from '../engine/dead-letters.ts';
import { EnvironmentMistake, readEnv } from '../env.ts';
import { MissingPrerequisite, openFoundation } from './open-foundation.ts';

const usage = 'Say "list", or "replay" and the id of a dead letter.';

async function main([verb, id]: readonly string[]): Promise<void> {
  if (verb !== 'list' && (verb !== 'replay' || id === undefined)) throw new EnvironmentMistake(usage);
  const foundation = await openFoundation(readEnv(), []);
  const deadLetters = createDeadLetters(foundation);
  try {
    if (verb === 'list') {
      for (const letter of await deadLetters.list())
        process.stdout.write(`${JSON.stringify(redactKeys({ ...letter }))}\n`);
      return;
    }
    const isReplayed = await deadLetters.replay(id ?? '');
    process.stdout.write(`${JSON.stringify({ id, isReplayed })}\n`);
    process.exitCode = isReplayed ? 0 : 1;
  } finally {
    await foundation.close();
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(),
  (error: unknown) => {
    const isMistake = error instanceof EnvironmentMistake || error instanceof MissingPrerequisite;
    process.stderr.write(`${isMistake ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(isMistake ? 78 : 70);
  },
);
