// The worker process: starts workers, drains on a signal.
import { flushCompileCache } from 'node:module';
import { ArtifactsApart } from '../src/engine/join-fleet.ts';
import { SandboxRefused } from '../src/engine/port/sandbox.ts';
import { EnvironmentMistake, readEnv } from '../src/env.ts';
import { drainOnSignal, hearSignal, toAbortSignal } from '../src/process/drain-on-signal.ts';
import { MissingPrerequisite, openFoundation, warnOfOwnRedis } from '../src/process/open-foundation.ts';
import { listSandboxNeeds } from '../src/process/open-sandboxes.ts';
import { startWorkers } from './start-workers.ts';

async function main(): Promise<void> {
  const heard = hearSignal();
  const env = readEnv();
  const foundation = await openFoundation(env, ['git', ...listSandboxNeeds(env)]);
  warnOfOwnRedis(foundation);
  const workers = await startWorkers(foundation, toAbortSignal(heard));
  process.stdout.write(`${JSON.stringify({ ready: 'worker' })}\n`);
  // For the next start, also when this process is killed.
  flushCompileCache();
  await drainOnSignal(heard, foundation.log, async () => {
    await workers.drain();
    await foundation.close();
  });
}

main().catch((error: unknown) => {
  const isMistake = [EnvironmentMistake, MissingPrerequisite, ArtifactsApart, SandboxRefused].some(
    (kind) => error instanceof kind,
  );
  process.stderr.write(`${error instanceof Error ? (isMistake ? error.message : error.stack) : String(error)}\n`);
  process.exit(isMistake ? 78 : 70);
});
