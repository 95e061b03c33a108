// Who made a merged batch fail: by the files that the output names, and by nothing that anybody would have to guess.
import { describe, expect, it } from 'vitest';
import { renderCause } from '../../../src/core/reply/render-cause.ts';
import { type RedBatch, routeFailure } from '../../../src/core/run/route-failure.ts';
import { report } from './outcome.ts';

const left = { key: 'left', paths: ['src/left.ts'] };
const right = { key: 'right', paths: ['src/right.ts', 'docs/right.md'] };
const base = { owner: 'base', paths: ['src/api.ts', 'src/types.ts', 'src/inner'] };
const other = { owner: 'other', paths: ['src/other.ts'] };

function route(output: string, batch: Partial<RedBatch> = {}) {
  const failures = report('tree', 1).commands.map((command) => ({ ...command, output }));
  const whole = { candidates: [left, right], owners: [base, other], isOnlyChange: false, ...batch };
  const { guilty, innocent, amend } = routeFailure(failures, whole);
  return { guilty, innocent, amend, kinds: [...guilty, ...innocent].map(({ key, cause }) => `${key} ${cause.kind}`) };
}

const nobody = ['left integration_unrouteable', 'right integration_unrouteable'];

describe('42 causal-routing: output that names', () => {
  it('files of one task of the batch is for that one, with just these files, and the others are innocent', () => {
    const { guilty, kinds } = route('src/right.ts:3: error, see /work/docs/right.md');
    expect(kinds).toEqual(['right integration_red', 'left taken_out']);
    expect(guilty[0]?.cause).toMatchObject({ paths: ['src/right.ts', 'docs/right.md'] });
    expect(guilty[0]?.cause).not.toHaveProperty('isOnlyChange');
  });

  it('files of one that was merged before is for its owner, with all of them, and nobody is guilty', () => {
    const { amend, kinds } = route('src/types.ts:3: error\nsrc/api.ts:9: error\n');
    expect(amend).toEqual({ owner: 'base', paths: ['src/api.ts', 'src/types.ts'] });
    expect(kinds).toEqual([]);
  });

  it('a file in a folder that is a contract is for that contract, and is named once', () => {
    const within = { owner: 'base', paths: ['src/inner', 'src/inner/made.ts', 'src/API.ts', 'src/api.ts'] };
    expect(route('src/inner/made.ts:3: error', { owners: [within] }).amend?.paths).toEqual(['src/inner']);
    // Two that differ by their letters alone do not stand for each other.
    expect(route('src/API.ts or src/api.ts', { owners: [within] }).amend?.paths).toEqual(['src/API.ts', 'src/api.ts']);
  });

  it('a file of the batch beside one that was merged before is for the batch', () => {
    expect(route('src/left.ts:1: error\n  at src/api.ts:2').kinds).toEqual(['left integration_red', 'right taken_out']);
  });

  it.each([
    ['files of several tasks of the batch', 'src/left.ts and src/right.ts'],
    ['files of several that were merged before', 'src/api.ts and src/other.ts'],
    ['nothing', 'it does not work'],
    ['nothing but longer paths and the command itself', 'npm test: lib-src/api.tsx, src/left.tsx'],
  ])('%s is for nobody', (_, output) => {
    const { amend, kinds } = route(output);
    expect([amend, kinds]).toEqual([undefined, nobody]);
  });
});

describe('42 causal-routing: a task that was merged alone', () => {
  const alone = { candidates: [left] };

  it('is for nobody where the output names nothing and what was there before may be to blame', () => {
    expect(route('it does not work', alone).kinds).toEqual(['left integration_unrouteable']);
  });

  it('is found by elimination where what was there before had passed, and its cause says so', () => {
    const { guilty, kinds } = route('it does not work', { ...alone, isOnlyChange: true });
    expect(kinds).toEqual(['left integration_red']);
    expect(guilty[0]?.cause).toMatchObject({ paths: [], isOnlyChange: true });
    expect(guilty.map(({ cause }) => renderCause(cause))).toEqual([
      expect.stringContaining('what was merged before passed without it, and nothing else has changed since'),
    ]);
  });

  it('is not found by elimination where the output names files of several others', () => {
    const { kinds } = route('src/api.ts and src/other.ts', { ...alone, isOnlyChange: true });
    expect(kinds).toEqual(['left integration_unrouteable']);
  });

  it('is no more to blame than others where the output names files of one that was merged before', () => {
    expect(route('src/api.ts:3', { ...alone, isOnlyChange: true }).amend).toEqual({
      owner: 'base',
      paths: ['src/api.ts'],
    });
  });
});

it('of several tasks none is found by elimination', () => {
  expect(route('it does not work', { isOnlyChange: true }).kinds).toEqual(nobody);
});
