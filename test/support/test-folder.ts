// Where a run of tests writes. Thousands of repositories and sandboxes come and go, which is a third cheaper in memory than
// on a disk; nothing of it has to outlive the run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
/** Several times what a whole run has at any moment. */
const enough = 2 * 1024 ** 3;

/** A folder of temporary files that somebody chose stays. */
export function chooseTestFolder(chosen: string | undefined): string {
  if (chosen !== undefined) return chosen;
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize >= enough && mayRun(memory)) return memory;
  } catch {
    // Not every system has it, or lets everybody write there.
  }
  return tmpdir();
}

/** Containers often have it mounted so that no program starts from there. */
function mayRun(parent: string): boolean {
  const folder = mkdtempSync(join(parent, 'gp-'));
  try {
    const program = join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
    execFileSync(program);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
