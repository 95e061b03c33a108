// Checkpoints without packing: what a workspace and the session in it are, as memory that all hosts share. Packing takes time, in
// which an agent may go on.
import type { CheckpointOwner, CheckpointPort, CheckpointScope } from '../../src/engine/port/checkpoint.ts';
import type { ClockPort } from '../../src/engine/port/clock.ts';
import type { Sandbox } from '../../src/engine/port/sandbox.ts';
import { hashText } from './objects.ts';
import type { Host } from './simulated-git.ts';

export interface KeptCheckpoint {
  readonly owner: CheckpointOwner;
  readonly files: ReadonlyMap<string, string>;
  /** What the agent in it had been told; undefined where it keeps nothing. */
  readonly told: readonly string[] | undefined;
  /** The folder that it is of, which names the attempt and its holder. */
  readonly folder: string;
  /** The agent went on while it was packed. */
  readonly isTorn: boolean;
}

export interface CheckpointShelf {
  /** Every one that was ever kept, by its name. */
  readonly known: Map<string, KeptCheckpoint>;
  /** Those that are there, by their place. */
  readonly there: Map<string, string>;
  /** Names of those that were restored, with the folder into which they were. */
  readonly restored: { readonly id: string; readonly folder: string }[];
}

const packMs = 2_500;

export function createSimulatedCheckpoints(shelf: CheckpointShelf, host: Host, clock: ClockPort): CheckpointPort {
  const placeOf = (scope: CheckpointScope, id = '') =>
    `${[scope.repository, scope.number, scope.run, scope.task].filter((part) => part !== undefined).join('|')}|${id}`;
  const enter = async (openSandbox: () => Promise<Sandbox>) => {
    const sandbox = await openSandbox();
    await sandbox.dispose();
    return 'folder' in sandbox ? String(sandbox.folder) : '';
  };
  const describe = (folder: string) => JSON.stringify([...(host.workspaces.get(folder) ?? [])]);
  return {
    async take(owner, { openSandbox }, signal) {
      const folder = await enter(openSandbox);
      const files = new Map(host.workspaces.get(folder));
      const before = describe(folder);
      await clock.sleep(packMs, signal);
      if (signal.aborted) return { kind: 'refused', why: 'it was broken off' };
      const told = host.homes.get(folder)?.slice();
      const id = hashText(JSON.stringify([folder, shelf.known.size]));
      shelf.known.set(id, { owner, files, told, folder, isTorn: describe(folder) !== before });
      shelf.there.set(placeOf(owner, id), id);
      return { kind: 'kept', id, bytes: before.length };
    },
    async restore(owner, id, openSandbox, signal) {
      const kept = shelf.there.has(placeOf(owner, id)) ? shelf.known.get(id) : undefined;
      if (!kept) return { kind: 'refused', reason: 'gone', why: 'there is no such file' };
      const folder = await enter(openSandbox);
      await clock.sleep(packMs, signal);
      if (signal.aborted) return { kind: 'refused', reason: 'not_restored', why: 'it was broken off' };
      shelf.restored.push({ id, folder });
      host.workspaces.set(folder, new Map(kept.files));
      if (kept.told) host.homes.set(folder, [...kept.told]);
      return { kind: 'restored' };
    },
    async drop(owner, id) {
      shelf.there.delete(placeOf(owner, id));
    },
    async dropAll(scope) {
      for (const place of shelf.there.keys()) if (place.startsWith(placeOf(scope))) shelf.there.delete(place);
    },
  };
}
