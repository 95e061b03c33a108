// Where an engine keeps what it needs while containers run, and where their roots are: short, because sockets lie there, open
// on the way, because sandboxes of a root worker are other users, and the same for the next worker, who looks after it.
import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandboxRefused } from '../../engine/port/sandbox.ts';

export function toRunFolder(stateFolder: string, uid: number): string {
  const name = `gatepilot-${uid}-${createHash('sha256').update(stateFolder).digest('hex').slice(0, 10)}`;
  return join(uid === 0 ? '/run' : tmpdir(), name);
}

export async function openRunFolder(stateFolder: string): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const folder = toRunFolder(stateFolder, uid);
  await mkdir(folder, { recursive: true, mode: 0o711 });
  // Anybody may have been there first.
  const facts = await lstat(folder);
  if (facts.isDirectory() && facts.uid === uid && (facts.mode & 0o022) === 0) return folder;
  throw new SandboxRefused('oci', `${folder} belongs to somebody else: remove it`);
}
