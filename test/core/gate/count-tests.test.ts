import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countTests, sumTests } from '../../../src/core/gate/count-tests.ts';

const begin = String.fromCharCode(27);

it.each<[string, string, [number, number, number]]>([
  ['vitest', ` Test Files  1 failed | 2 passed (3)\n      Tests  3 failed | 27 passed | 2 skipped (32)\n`, [27, 3, 2]],
  [
    'vitest in colours',
    `${begin}[2m      Tests ${begin}[22m ${begin}[1m${begin}[32m1 passed${begin}[39m${begin}[22m (1)`,
    [1, 0, 0],
  ],
  ['jest', 'Test Suites: 2 passed, 2 total\nTests:       1 failed, 2 skipped, 27 passed, 30 total\n', [27, 1, 2]],
  ['mocha', '  27 passing (31ms)\n  2 pending\n  1 failing\n', [27, 1, 2]],
  ['node:test', '# tests 5\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n', [3, 1, 1]],
  ['pytest', '===== 3 failed, 27 passed, 1 skipped in 0.52s =====\n', [27, 3, 1]],
  [
    'cargo',
    'test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured\ntest result: FAILED. 2 passed; 3 failed; 0 ignored',
    [6, 3, 1],
  ],
  [
    'go',
    '--- PASS: TestA (0.00s)\n    --- PASS: TestA/b (0.00s)\n--- SKIP: TestC (0.00s)\n--- FAIL: TestD (0.00s)',
    [2, 1, 1],
  ],
  ['TAP', 'ok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP no need\n1..3', [1, 1, 1]],
  ['rspec', '30 examples, 1 failure, 2 pending\n', [27, 1, 2]],
  ['phpunit', 'OK (30 tests, 60 assertions)', [30, 0, 0]],
  [
    'maven',
    'Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in A\n[INFO] Tests run: 30, Failures: 1, Errors: 1, Skipped: 2\n',
    [26, 2, 2],
  ],
])('%s', (_, text, [passed, failed, skipped]) => {
  expect(countTests(text)).toEqual({ passed, failed, skipped });
});

it('nothing that is no count is taken for one', () => {
  expect(countTests('')).toBeUndefined();
  expect(countTests('ok\nTests are fine\n12 files\nokay 12 files')).toBeUndefined();
  expect(sumTests([{}, {}])).toBeUndefined();
});

it('whatever is printed, it is whole numbers that are not below zero', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('\n', 'Tests ', ' passed', '999999999', '-1', '9'.repeat(40), ' examples, ', 'ok 1', '# pass 1'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const found = countTests(pieces.join(''));
      for (const value of Object.values(found ?? {})) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
    }),
  );
});
