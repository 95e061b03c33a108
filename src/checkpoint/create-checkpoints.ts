// Checkpoints beside the artifacts of their repository: the same disk, which all hosts share, and under names that nobody who
// asks for an artifact can reach. Here they are bytes: what is in them is packed and unpacked in sandboxes.
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { shelfOf } from '../artifact/shelf-of.ts';
import { writeWhole } from '../artifact/write-whole.ts';
import type { CheckpointPort, CheckpointScope } from '../engine/port/checkpoint.ts';
import { packScript, unpackScript } from './pack-script.ts';
import { runScript } from './run-script.ts';

/** `folder`: of the artifacts. */
export function createCheckpoints({ folder }: { readonly folder: string }): CheckpointPort {
  const placeOf = ({ repository, number, run, task }: CheckpointScope) => {
    const parts = [`${number}`, ...(run === undefined ? [] : [run, ...(task === undefined ? [] : [task])])];
    return join(shelfOf(folder, repository), 'checkpoints', ...parts.map(toFolderName));
  };
  return {
    async take(owner, { base, maxBytes, openSandbox }, signal) {
      const sandbox = await openSandbox();
      const call = { script: packScript, args: [base], input: Buffer.alloc(0), maxBytes };
      const end = await runScript(sandbox, call, signal).finally(() => sandbox.dispose());
      if (end.kind === 'too_much') return { kind: 'refused', why: `it is larger than ${maxBytes} bytes` };
      if (end.kind === 'failed') return { kind: 'refused', why: end.why };
      const id = hash(end.output);
      await writeWhole(placeOf(owner), id, end.output);
      return { kind: 'kept', id, bytes: end.output.length };
    },

    async restore(owner, id, openSandbox, signal) {
      const content = isId(id) ? await readFile(join(placeOf(owner), id)).catch(toComplaint) : undefined;
      if (content === undefined) return { kind: 'refused', reason: 'gone', why: 'there is no such file' };
      if (typeof content === 'string') return { kind: 'refused', reason: 'corrupt', why: content };
      if (hash(content) !== id) return { kind: 'refused', reason: 'corrupt', why: 'it does not match its name' };
      const sandbox = await openSandbox();
      const call = { script: unpackScript, args: [], input: content, maxBytes: 0 };
      const end = await runScript(sandbox, call, signal).finally(() => sandbox.dispose());
      if (end.kind === 'done') return { kind: 'restored' };
      const why = end.kind === 'failed' ? end.why : 'it says more than it should';
      return { kind: 'refused', reason: 'not_restored', why };
    },

    async drop(owner, id) {
      if (isId(id)) await rm(join(placeOf(owner), id), { force: true });
    },

    async dropAll(scope) {
      await rm(placeOf(scope), { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** One folder, whatever stands in a name: a dot before it is hidden, and `..` leads nowhere. */
function toFolderName(name: string): string {
  return `c-${encodeURIComponent(name)}`;
}

function isId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

function hash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function toComplaint(error: NodeJS.ErrnoException): string | undefined {
  return error.code === 'ENOENT' ? undefined : `it cannot be read: ${error.code}`;
}
