// Containers outlive whoever started them. One that ended the reader of its leash is still at work when its worker is dead, and
// the next worker of the same state ends it before it does anything else.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { expectEventually, findProcesses, findPrograms } from '../support/host-processes.ts';
import { subjects } from '../support/provided.ts';
import { makeSpec } from '../support/spec.ts';
import { openStarter } from '../support/starter.ts';

/** Ends every other process inside but the first, which nothing inside can end; once more for one that was only just started. */
const cutLeash = `for n in 1 2 3; do for p in /proc/[0-9]*; do p=\${p#/proc/}; [ "$p" = 1 ] || [ "$p" = $$ ] || kill -9 "$p"; done; sleep 0.2; done; echo cut; sleep "$1"`;

describe.each(subjects)('a container of $title that cut its leash', (subject) => {
  it('is ended by the next worker', async () => {
    const starter = await openStarter(subject);
    const mark = `1000.${randomInt(1e9)}`;
    const argv = ['sh', '-c', cutLeash, 'sh', mark];
    const { stdout, error } = await starter.order({ kind: 'leave', spec: makeSpec(starter.workspace), argv });
    expect([stdout, error]).toEqual(['cut\n', undefined]);
    await expectEventually(() => findPrograms('sleep', mark).length === 1);
    const exit = once(starter.process, 'exit');
    starter.process.kill('SIGKILL');
    await exit;
    // It did outlive its worker, or the test proves nothing.
    expect(findPrograms('sleep', mark)).toHaveLength(1);
    const next = await openStarter(subject, { stateFolder: starter.stateFolder });
    const { capabilities } = await next.order({ kind: 'capabilities' });
    expect(capabilities).toMatchObject({ provider: 'oci' });
    expect(findProcesses(mark)).toEqual([]);
    await next.close();
    await starter.close();
  });

  it('leaves those of a worker that is alive alone', async () => {
    const starter = await openStarter(subject);
    const mark = `1000.${randomInt(1e9)}`;
    const argv = ['sh', '-c', 'echo up; sleep "$1"', 'sh', mark];
    await starter.order({ kind: 'leave', spec: makeSpec(starter.workspace), argv });
    const next = await openStarter(subject, { stateFolder: starter.stateFolder });
    await next.order({ kind: 'capabilities' });
    expect(findPrograms('sleep', mark)).toHaveLength(1);
    const exit = once(starter.process, 'exit');
    starter.process.kill('SIGKILL');
    await exit;
    await expectEventually(() => findProcesses(mark).length === 0, 30_000);
    // Last, since whoever closes waits for the programs of the engine to end.
    await next.close();
    await starter.close();
  });
});
