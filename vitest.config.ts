import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Only ceilings: a machine with much else to do takes its time, and what waits in vain says so before.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // The scenario tests start whole bots, which wait for time to pass as often as they work.
    maxWorkers: 3,
  },
});
