// Every finding of the change before comes back, whatever is said of it; and a bare word that it is gone is believed only where what
// showed it was there for as long as it was confirmed.
import { expect, it } from 'vitest';
import type { Finding } from '../../src/core/model/finding.ts';
import type { Judged } from '../../src/core/review/collect-findings.ts';
import type { Held } from '../../src/engine/carry-out.ts';
import { checkEarlier } from '../../src/engine/check-earlier.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { found } from '../core/run/outcome.ts';
import { judging } from '../core/run/place.ts';

const trace = (quote: string) => ({ kind: 'trace', path: 'one.txt', from: 1, to: 1, quote }) as const;
const known = found({ id: 'F-1', path: 'one.txt', head: 'A', evidence: trace('one') });

/** What `one.txt` says on each commit. */
const texts: Readonly<Record<string, string>> = { A: 'one', B: 'uno', C: 'uno', D: 'tres' };

async function check(head: string, ...judged: readonly Judged[]): Promise<Finding[]> {
  const { run, record } = judging();
  const ports = {
    github: { toGitUrl: () => 'url' },
    git: { treeOf: async () => 'tree', readFile: async (_: unknown, commit: string) => texts[commit] },
    clock: { now: () => 0 },
  } as unknown as WorkPorts;
  const action = { id: 'r1-review-2', head, base: 'base' };
  const held = { record, action, token: 't', signal: new AbortController().signal } as unknown as Held<'review'>;
  const repository = { key: 'k' } as Parameters<typeof checkEarlier>[2]['repository'];
  return await checkEarlier(ports, held, { run, repository, commit: head }, judged);
}

it('each is there in its order, also where nothing is said of it', async () => {
  const others = ['F-2', 'F-3'].map((id) => ({ ...known, id }));
  const said = (['unverified', 'fixed', 'confirmed'] as const).map((status, at): Judged => {
    return { earlier: [known, ...others][at] ?? known, said: { status } };
  });
  const checked = await check('A', ...said);
  expect(checked.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'F-1 confirmed',
    'F-2 confirmed',
    'F-3 confirmed',
  ]);
});

it('what is confirmed again after what showed it went is not gone for that on a later head', async () => {
  const gone = { status: 'fixed' } as const;
  const [shown = known] = await check('B', { earlier: known, said: { status: 'confirmed', evidence: trace('uno') } });
  expect(shown).toMatchObject({ status: 'confirmed', evidence: trace('uno'), head: 'B' });
  expect(await check('C', { earlier: shown, said: gone })).toMatchObject([{ status: 'confirmed' }]);
  expect(await check('D', { earlier: shown, said: gone })).toMatchObject([{ status: 'fixed' }]);
  const elsewhere = { ...trace('uno'), path: 'two.txt' };
  for (const evidence of [trace('due'), elsewhere]) {
    const [bare = known] = await check('B', { earlier: known, said: { status: 'confirmed', evidence } });
    expect(bare).not.toHaveProperty('evidence');
    expect(await check('C', { earlier: bare, said: gone })).toMatchObject([{ status: 'confirmed' }]);
  }
});
