// Starts the web process, or web and workers in one process: `main.ts web | all`.
import { flushCompileCache } from 'node:module';
import { ArtifactsApart } from './engine/join-fleet.ts';
import { SandboxRefused } from './engine/port/sandbox.ts';
import { EnvironmentMistake, readEnv } from './env.ts';
import { drainOnSignal, hearSignal, toAbortSignal } from './process/drain-on-signal.ts';
import { MissingPrerequisite, openFoundation, warnOfOwnRedis } from './process/open-foundation.ts';
import { listSandboxNeeds } from './process/open-sandboxes.ts';
import { startWebProcess } from './process/start-web-process.ts';

async function main(): Promise<void> {
  const heard = hearSignal();
  const mode = process.argv[2] ?? 'all';
  if (mode !== 'web' && mode !== 'all') throw new EnvironmentMistake(`"${mode}" is neither "web" nor "all".`);
  const env = readEnv();
  const foundation = await openFoundation(env, mode === 'all' ? ['git', ...listSandboxNeeds(env)] : []);
  if (mode === 'web') warnOfOwnRedis(foundation);
  const web = await startWebProcess(foundation);
  process.stdout.write(`${JSON.stringify({ ready: 'web', port: web.port, adminPort: web.adminPort })}\n`);
  // Loaded only here: a web process needs neither agents nor sandboxes.
  const workers =
    mode === 'all'
      ? await (await import('../workers/start-workers.ts')).startWorkers(foundation, toAbortSignal(heard))
      : undefined;
  // For the next start, also when this process is killed.
  flushCompileCache();
  await drainOnSignal(heard, foundation.log, async () => {
    await Promise.all([web.close(), workers?.drain()]);
    await foundation.close();
    // Alone on this machine, it is ours to end; next to a web or worker process of its own, it is theirs as well.
    if (mode === 'all') await foundation.stopRedis();
  });
}

main().catch((error: unknown) => {
  const isMistake = [EnvironmentMistake, MissingPrerequisite, ArtifactsApart, SandboxRefused].some(
    (kind) => error instanceof kind,
  );
  process.stderr.write(`${error instanceof Error ? (isMistake ? error.message : error.stack) : String(error)}\n`);
  process.exit(isMistake ? 78 : 70);
});
