import { expect, it } from 'vitest';
import { parseArguments, usage } from '../../src/demo/chaos/arguments.ts';

const parse = (...args: string[]) => parseArguments(args, () => 42);

it('has a whole run as its default, and draws a seed where none is named', () => {
  expect(parse()).toEqual({
    runs: 30,
    kills: 20,
    seed: 42,
    minutes: 30,
    report: '.cache/chaos/report',
    verbose: false,
  });
});

it('takes every option, and a report by either of its names', () => {
  const args = '--runs 5 --kills 4 --seed 7 --minutes 2 --report out/a.json --verbose';
  expect(parse(...args.split(' '))).toEqual({
    runs: 5,
    kills: 4,
    seed: 7,
    minutes: 2,
    report: 'out/a',
    verbose: true,
  });
});

it.each([
  [['--runs', '0'], '--runs takes a whole number above zero, not "0".'],
  [['--kills'], '--kills takes a whole number above zero, not "".'],
  [['--report'], '--report takes a file name.'],
  [['--loud'], '"--loud" is not known.'],
])('says what is wrong with %j', (args, mistake) => {
  expect(parse(...args)).toBe(`${mistake}\n${usage}`);
});
