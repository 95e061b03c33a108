import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Whole bots at work, which files that need no bot of their own share: one process goes through many files. */
const scenarios = ['test/scenario/**/*.test.ts', 'test/bad-input/**/*.test.ts'];

/**
 * The scenarios of `npm test`: the story, restarts, stops, what must never happen twice or unseen, and one of each that agents
 * and tests depend on: dependencies, hosts, answers of people.
 */
const everyday = [
  ...[
    'duplicate-delivery',
    'late-cancel',
    'log-bound',
    'main-story',
    'network',
    'pilot',
    'questions',
    'review',
    'set-up-once',
    'stale-diff',
    'stop-anywhere',
    'untrusted-commander',
  ].map((name) => `test/scenario/${name}.test.ts`),
  'test/bad-input/secret-output.test.ts',
];

/** The whole contract of sandboxes, of one provider. */
const conformance = ['test/sandbox/conformance/**/*.test.ts'];

/** What holds only of those that an engine runs. */
const containers = ['test/sandbox/container/**/*.test.ts'];

/** Real merges, repairs, agents and the whole contract of sandboxes; `npm run endurance` has them. */
const slow = [
  'test/agent/{acp,hostile-acp,hostile-pi,pi,sandboxed-pi}.test.ts',
  'test/engine/{conflict-marks,review-acceptance,run-base-tests}.test.ts',
  'test/git/capture.test.ts',
  'test/prerequisite/obtain.test.ts',
  // Ten minutes of one process after the other: beside everything else that keeps a core busy, it holds nobody up.
  'test/endurance/escapes.test.ts',
  ...conformance,
];

/** `npm run sandboxes` asks it of these: each start takes a second, and there are some hundreds. */
const furtherSandboxes = ['gvisor', 'podman', 'docker'] as const;

/** What waits for minutes, or is a corner of what others try as well: `npm run scenarios` has them beside all whole bots. */
const corners = [
  'test/endurance/{artifacts-apart,burst,checkpoints,large-run,more-histories,small-chaos,worker-kill}.test.ts',
  'test/engine/{amendment,keep-leftover,merge-retry,reader-writes,repair,staging}.test.ts',
];

/** What searches, kills and waits for long: `npm run endurance`, which is part of `npm run check` and not of `npm test`. */
const endurance = ['test/endurance/**/*.test.ts'];

/** Searches of a minute, of which `npm test` has a share. */
const searches = [
  'test/core/pilot/hostile-reply.property.test.ts',
  'test/core/reply/inert.property.test.ts',
  'test/core/run/history.property.test.ts',
];

const shared = {
  maxConcurrency: 3,
  // A process for each file, which reads half of the project again, takes a third of the time of a usual file.
  isolate: false,
  // Only ceilings: a machine with much else to do takes its time, and what waits in vain says so before.
  testTimeout: 900_000,
  hookTimeout: 900_000,
};

/**
 * A bot with three runs keeps two cores busy by itself. Beside others each start of a process costs more than twice as
 * much, so that five files took 316 s one after the other and more than 440 s three at a time.
 */
const oneByOne = { maxWorkers: 1, sequence: { groupOrder: 0 } };
/** What keeps one core busy, or waits. */
const inPairs = { maxWorkers: 2, sequence: { groupOrder: 1 } };
/** Kills, outages and bursts wait for most of their time. */
const inThrees = { maxWorkers: 3, sequence: { groupOrder: 2 } };

/**
 * Whoever begins these last waits for them alone: first what keeps a core busy for a minute or two, and beside it what
 * mostly waits. Files of one project follow each other, since a process that they share ends where another project's begin.
 */
const order = [
  /\/test\/endurance\/(escapes|github-down|burst|more-histories)/,
  /\/test\/simulation\//,
  /\/test\/(scenario|bad-input)\//,
  /\/test\/(contract\/model|sandbox\/|chaos\/)/,
  /history\.property/,
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = order.findIndex((pattern) => pattern.test(moduleId));
      return place < 0 ? order.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    sequence: { sequencer: LongFirst },
    ...shared,
    projects: [
      { test: { name: 'scenario', include: everyday, ...oneByOne, ...shared } },
      {
        test: {
          name: 'more',
          include: [...scenarios, ...searches, ...corners],
          exclude: everyday,
          provide: { shareOfRuns: 1 },
          ...oneByOne,
          ...shared,
        },
      },
      { test: { name: 'slow', include: slow, provide: { sandbox: 'bubblewrap' }, ...inPairs, ...shared } },
      ...furtherSandboxes.map((sandbox) => ({
        test: {
          name: sandbox,
          include: sandbox === 'gvisor' ? conformance : [...conformance, ...containers],
          provide: { sandbox },
          ...inPairs,
          ...shared,
        },
      })),
      {
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...scenarios, ...slow, ...containers, ...endurance, ...corners],
          provide: { shareOfRuns: 0.25 },
          ...inPairs,
          ...shared,
        },
      },
      {
        test: {
          name: 'endurance',
          include: endurance,
          exclude: [...corners, ...slow],
          ...inThrees,
          ...shared,
        },
      },
    ],
  },
});
