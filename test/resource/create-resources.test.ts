import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openCatalog } from '../../src/core/resource/open-catalog.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import { createResources } from '../../src/resource/create-resources.ts';

it('what the product ships is in force, all of it', async () => {
  const { entries } = openCatalog(await createResources(undefined).read(), { agents: ['pi'], models: ['usual'] });
  expect(entries.filter(({ state }) => state !== 'active')).toEqual([]);
  expect(entries.filter(({ kind }) => kind === 'workflow').map(({ name }) => name)).toEqual([
    'default',
    'direct',
    'fast-fix',
    'implementation',
    'review',
  ]);
});

it('of the operator, what is there now counts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gp-resources-'));
  try {
    const resources = createResources(folder);
    const names = async () =>
      openCatalog(await resources.read(), { agents: ['pi'], models: ['usual'] })
        .entries.filter(({ source }) => source === 'operator')
        .map(({ name, state }) => `${name} ${state}`);
    expect(await names()).toEqual([]);
    await mkdir(join(folder, 'skills'));
    await writeFile(join(folder, 'skills/tidy.md'), '---\ndescription: Tidy up.\n---\nTidy up.\n');
    await writeFile(join(folder, 'skills/huge.md'), 'x'.repeat(400_000));
    await writeFile(join(folder, 'README.md'), 'Not a resource.');
    expect(await names()).toEqual(['huge disabled', 'tidy active']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('a folder that cannot be read is said, and not taken for an empty one', async () => {
  await expect(createResources('/nowhere/at/all').read()).rejects.toBeInstanceOf(ExternalError);
});
