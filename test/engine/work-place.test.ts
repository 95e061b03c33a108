// What an agent leaves in its workspace is hostile to whoever clears it away: that costs disk for a while, never a result.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { openWorkPlace } from '../../src/engine/work-place.ts';
import { removeStale } from '../../src/process/remove-stale.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gatepilot-place-'));
  chmodSync(root, 0o777);
});

/** Deeper than a path may be long. */
function plantDepth(folder: string): void {
  const below = Array<string>(25).fill('d'.repeat(100));
  const deepest = join(folder, 'upper', ...below);
  mkdirSync(deepest, { recursive: true });
  mkdirSync(join(folder, 'lower', ...below), { recursive: true });
  renameSync(join(folder, 'lower'), join(deepest, 'lower'));
}

/** As a cache of modules that may not be changed, which is how Go keeps its own. */
function plantReadOnly(folder: string): void {
  const kept = join(folder, 'cache');
  mkdirSync(kept);
  writeFileSync(join(kept, 'module'), '');
  chmodSync(kept, 0o555);
}

it('a place with paths that are longer than a path may be is cleared away', async () => {
  const place = await openWorkPlace(root, 'deep');
  plantDepth(place.folder);
  await place.dispose();
  expect(readdirSync(root)).toEqual([]);
});

it('a place with folders that may not be changed is cleared away', async () => {
  const place = await openWorkPlace(root, 'read-only');
  plantReadOnly(place.folder);
  await place.dispose();
  expect(readdirSync(root)).toEqual([]);
});

it('what was left is cleared away later, and keeps no process from starting', async () => {
  for (const plant of [plantDepth, plantReadOnly]) {
    const { folder } = await openWorkPlace(root, plant.name);
    plant(folder);
    utimesSync(folder, 0, 0);
  }
  await removeStale(root, 1_000);
  expect(readdirSync(root)).toEqual([]);
});
