// Artifacts on disk: named by their content, apart for each repository, and never what they are not.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDiskArtifacts } from '../../src/artifact/create-disk-artifacts.ts';
import type { ArtifactPort } from '../../src/engine/port/artifact.ts';

let folder: string;
let artifacts: ArtifactPort;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gp-artifacts-'));
  artifacts = createDiskArtifacts({ folder, redact: (text) => text.replaceAll('secret', '[redacted]') });
});
afterAll(() => rm(folder, { recursive: true }));

const [first, second] = ['git.test:8080/7', 'git.test:8080/8'];

it('keeps the same content once and gives it back to its own repository only', async () => {
  const id = await artifacts.put(first, Buffer.from('content'));
  expect(await artifacts.put(first, Buffer.from('content'))).toBe(id);
  expect(Buffer.from((await artifacts.read(first, id)) ?? []).toString()).toBe('content');
  expect(await artifacts.read(second, id)).toBeUndefined();
});

it('redacts a text before it is named', async () => {
  const id = await artifacts.putText(first, 'a secret');
  expect(Buffer.from((await artifacts.read(first, id)) ?? []).toString()).toBe('a [redacted]');
});

it('refuses what was changed behind its back', async () => {
  const id = await artifacts.put(first, Buffer.from('whole'));
  await writeFile(join(folder, `r-${encodeURIComponent(first)}`, id.slice(0, 2), id), 'other');
  await expect(artifacts.read(first, id)).rejects.toThrow(/does not match its name/);
});

it.each(['../../etc/passwd', '', 'f'.repeat(63), `${'f'.repeat(64)}/..`])(
  'knows nothing by the name "%s"',
  async (id) => {
    expect(await artifacts.read(first, id)).toBeUndefined();
  },
);

it('removes all of one repository and nothing of another, as often as it is asked to', async () => {
  const id = await artifacts.put(second, Buffer.from('stays'));
  await artifacts.removeAll(first);
  await artifacts.removeAll(first);
  expect(await readdir(folder)).toEqual([`r-${encodeURIComponent(second)}`]);
  expect(await artifacts.read(second, id)).toBeDefined();
});

it('stays in its folder, whatever a repository is called', async () => {
  await artifacts.put('../../..//x', Buffer.from('x'));
  expect(await readdir(folder)).toContain(`r-${encodeURIComponent('../../..//x')}`);
});
