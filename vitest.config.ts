import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Values in, values out: these leave nothing behind, so they share processes, which are much of their cost. */
const pure = ['test/core/**/*.test.ts', 'test/docs/**/*.test.ts'];

const shared = {
  // A scenario starts whole bots and agents. More of them at once than two cores can carry end nothing sooner, and meet
  // the limits of time that the product has.
  maxWorkers: 2,
  maxConcurrency: 3,
  // Only ceilings: a machine with much else to do takes its time, and what waits in vain says so before.
  testTimeout: 900_000,
  hookTimeout: 900_000,
};

/** Whoever begins these last waits for them alone. */
const long = /\/test\/(simulation\/|scenario\/|chaos\/small|bad-input\/|contract\/model|.*history\.property|sandbox\/)/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [true, false].flatMap((isLong) => sorted.filter(({ moduleId }) => long.test(moduleId) === isLong));
  }
}

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    sequence: { sequencer: LongFirst },
    ...shared,
    projects: [
      { test: { name: 'pure', include: pure, isolate: false, ...shared } },
      { test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: pure, ...shared } },
    ],
  },
});
