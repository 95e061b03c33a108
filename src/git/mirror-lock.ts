// One git process at a time writes to a mirror. Within this process calls wait in a queue; between processes the
// kernel holds a lock that the git process itself carries, so nobody has to judge whether a lock is stale.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LogPort } from '../engine/port/log.ts';
import type { Mirror } from './mirror-path.ts';
import type { GitCall, GitOutcome, RunGit } from './run-git.ts';
import { createTurns } from './turn.ts';

export type WriteMirror = (mirror: Mirror, call: GitCall) => Promise<GitOutcome>;

export function createWriteMirror(options: {
  run: RunGit;
  flockPath: string;
  logger: LogPort | undefined;
}): WriteMirror {
  const { run, flockPath, logger } = options;
  const inTurn = createTurns();
  return (mirror, call) =>
    inTurn(mirror.path, async () => {
      const locked = { ...call, repository: mirror.path, lock: mirror.lock };
      const outcome = await run(locked);
      if (outcome.code === 0 || !/Unable to create '.*\.lock': File exists/.test(outcome.stderr)) return outcome;
      logger?.warn({ mirror: mirror.path }, 'a git process died while it wrote; the locks it left are removed');
      await removeDeadLocks(flockPath, mirror);
      return run(locked);
    });
}

/** Every writer holds the kernel's lock, so whoever holds it knows that git's own lock files belong to the dead. */
async function removeDeadLocks(flockPath: string, mirror: Mirror): Promise<void> {
  const find = ['find', mirror.path, '-name', '*.lock', '-type', 'f', '-delete'];
  await promisify(execFile)(flockPath, ['--exclusive', '--wait', '60', mirror.lock, ...find], {
    env: { PATH: '/usr/bin:/bin' },
  });
}
