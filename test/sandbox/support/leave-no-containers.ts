// What a provider of containers leaves when its process ends: programs of its engine that are still clearing up, and the
// folder where it keeps what runs, which is no test's own.
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readProcess, readText } from '../../../src/sandbox/bubblewrap/process-facts.ts';
import { toRunFolder } from '../../../src/sandbox/oci/run-folder.ts';

const clearedWithinMs = 60_000;

export async function leaveNoContainers(stateFolder: string, uid: number): Promise<void> {
  const deadline = performance.now() + clearedWithinMs;
  while (isAtWork(stateFolder) && performance.now() < deadline) await sleep(50);
  const folder = toRunFolder(stateFolder, uid);
  // A starter has no variable that leads its temporary files elsewhere.
  for (const path of [folder, join('/tmp', basename(folder))]) await rm(path, { recursive: true, force: true });
}

function isAtWork(stateFolder: string): boolean {
  return readdirSync('/proc').some((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid || readProcess(pid)?.isZombie) return false;
    return (
      /^(?:[^\0]*\/)?(?:podman|conmon)\0/.test(readText(`/proc/${pid}/cmdline`) ?? '') && mentions(pid, stateFolder)
    );
  });
}

function mentions(pid: number, text: string): boolean {
  return readText(`/proc/${pid}/cmdline`)?.includes(text) ?? false;
}
