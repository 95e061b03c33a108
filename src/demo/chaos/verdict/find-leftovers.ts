// Processes that outlived what started them. A process in a sandbox sees little of the host, but the host sees what is
// mounted for it: that is how even one without a parent and without a telling name is found.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Finding } from './finding.ts';

/** Processes that use the folder, but for those that are known and for the local GitHub's own git, as command lines. */
export function findLeftovers(folder: string, known: ReadonlySet<number>): Finding[] {
  // Where it is mounted, only the end of its path may be left of it.
  const name = basename(folder);
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && !known.has(Number(entry)))
    .map((pid) => ({ pid, text: ['cmdline', 'mountinfo', 'environ'].map((file) => read(pid, file)).join('\n') }))
    .filter(({ text }) => text.includes(name) && !text.includes(`${folder}/github`))
    .map(({ pid, text }): Finding => {
      return { kind: 'stuck', where: `process ${pid}`, what: text.split('\n')[0]?.slice(0, 200) || 'nameless' };
    });
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    // It ended in between, or is somebody else's.
    return '';
  }
}
