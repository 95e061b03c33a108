// What is seen of evidence, and what is not: a command that our own limits ended shows nothing in either way.
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { checkEvidence } from '../../src/engine/check-evidence.ts';
import type { ProcessEnd } from '../../src/engine/port/sandbox.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { judging } from '../core/run/place.ts';

/** Every command ends like this, without a word. */
function portsThatEnd(end: ProcessEnd): WorkPorts {
  const silent = () => {
    const stream = new PassThrough();
    stream.end();
    return stream;
  };
  const child = { stdin: silent(), stdout: silent(), stderr: silent(), end: Promise.resolve(end) };
  const dispose = async () => undefined;
  return {
    clock: { now: () => 0 },
    options: {},
    openWorkPlace: async () => ({ folder: '/nowhere', dispose }),
    git: { treeOf: async () => 'tree', checkout: dispose },
    artifacts: { putText: async () => 'log' },
    sandboxes: { proved: new Map(), create: async () => ({ spawn: () => child, kill: dispose, dispose }) },
  } as unknown as WorkPorts;
}

async function look(end: ProcessEnd) {
  const { run: judged, record } = judging();
  const { setup: _, ...policy } = judged.policy;
  const run = { ...judged, policy };
  const repository = { key: 'k' } as Parameters<typeof checkEvidence>[1]['repository'];
  const scene = { run, home: record.repository, repository, commit: 'c', verified: undefined, id: 'i' };
  const evidence = { kind: 'command', command: 'node check.js' } as const;
  const claim = { task: 'review', item: '0', why: '', status: 'met', evidence } as const;
  const [seen] = await checkEvidence(portsThatEnd(end), { ...scene, signal: new AbortController().signal }, [claim]);
  return seen;
}

it('a command that our own limits ended was not looked at', async () => {
  for (const reason of ['wall', 'memory', 'disk', 'stopped'] as const)
    expect(await look({ kind: 'killed', reason })).toMatchObject({ kind: 'fails', isUnseen: true });
  // The kernel tells these two by a signal alone: processor time, and the size of a file.
  for (const signal of ['SIGXCPU', 'SIGXFSZ', 'SIGKILL'])
    expect(await look({ kind: 'signalled', signal })).toMatchObject({ kind: 'fails', isUnseen: true });
});

it('one that ended by itself was, however it did', async () => {
  expect(await look({ kind: 'exited', code: 0 })).toMatchObject({ kind: 'holds' });
  for (const end of [
    { kind: 'exited', code: 1 },
    { kind: 'signalled', signal: 'SIGSEGV' },
  ] as const) {
    const seen = await look(end);
    expect(seen).toMatchObject({ kind: 'fails' });
    expect(seen).not.toHaveProperty('isUnseen');
  }
});
