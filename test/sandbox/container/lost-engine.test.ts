// The program of podman that watches over a container can be killed as any other. What podman says then is no end of the command.
import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readText } from '../../../src/sandbox/bubblewrap/process-facts.ts';
import { expectEventually, findProcesses, findPrograms } from '../support/host-processes.ts';
import { subjects } from '../support/provided.ts';
import { openStarter } from '../support/starter.ts';

// With docker the daemon's death is everybody's.
describe.each(subjects.filter(({ provider }) => provider === 'podman'))('a container of $title', (subject) => {
  it('is lost, and ended, when nobody watches over it any more', async () => {
    const starter = await openStarter(subject);
    const mark = `1000.${randomInt(1e9)}`;
    const lost = expect(starter.inside(['sleep', mark])).rejects.toThrow(/a sandbox was lost: podman: it went away/);
    // On a machine with much else to do a start takes its time.
    await expectEventually(() => findPrograms('sleep', mark).length === 1, 60_000);
    const watcher = readParent(readParent(findPrograms('sleep', mark)[0]));
    expect(readText(`/proc/${watcher}/comm`)).toBe('conmon\n');
    process.kill(watcher, 'SIGKILL');
    await lost;
    expect(findProcesses(mark)).toEqual([]);
    await starter.close();
  });
});

function readParent(pid: number | undefined): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1]);
}
