// The words of logs: those that are written, those that are documented, and no others.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { logKinds } from '../../../src/core/model/log-kind.ts';

const root = join(import.meta.dirname, '../../..');

it('are in docs/log-kinds.md (made anew by "npm test -- -u")', async () => {
  const rows = Object.entries(logKinds).map(([kind, meaning]) => `| \`${kind}\` | ${meaning} |`);
  const page = [
    '# What a log tells',
    '',
    "Made from `src/core/model/log-kind.ts`. Each line of a log, as the operator's API streams it, has one of these kinds. A line",
    'also has a text for people, and where that helps data for programs.',
    '',
    '| kind | what happened |',
    '| --- | --- |',
    ...rows,
    '',
  ];
  await expect(page.join('\n')).toMatchFileSnapshot(join(root, 'docs/log-kinds.md'));
});

it('are all written somewhere', () => {
  const written = new Set<string>();
  for (const folder of ['src/core/run', 'src/core/lane', 'src/core/group', 'src/core/chores'])
    for (const name of readdirSync(join(root, folder)))
      for (const [, kind] of readFileSync(join(root, folder, name), 'utf8').matchAll(
        /\bnote(?:Lane|Group|Chore)?\(\s*\w+,\s*'([a-z_]+)'/g,
      ))
        written.add(kind ?? '');
  expect([...written].toSorted()).toEqual(Object.keys(logKinds).toSorted());
});
