import { expect, it } from 'vitest';
import { parseArguments } from '../../src/demo/arguments.ts';

it('spends nothing unless it is told to, and then as much as is said', () => {
  expect(parseArguments(['--once'])).toEqual({ once: true, verbose: false });
  expect(parseArguments(['--live'])).toEqual({ once: false, verbose: false, live: { budgetUsd: 5 } });
  expect(parseArguments(['--budget', '7.50', '--live'])).toEqual({
    once: false,
    verbose: false,
    live: { budgetUsd: 7.5 },
  });
});

it.each([
  [['--budget', '7'], '--budget is for --live: the script costs nothing.'],
  [['--live', '--budget'], '--budget takes US dollars such as 2 or 7.50, not "".'],
  [['--live', '--budget', '0'], '--budget takes US dollars such as 2 or 7.50, not "0".'],
  [['--live', '--budget', '$5'], '--budget takes US dollars such as 2 or 7.50, not "$5".'],
  [['--alive'], '"--alive" is not known.'],
])('says what is wrong with %j', (args, sentence) => {
  const [first, second] = String(parseArguments(args)).split('\n');
  expect([first, second?.startsWith('usage: npm run demo')]).toEqual([sentence, true]);
});
