import type { ChaosPlan, Ending, Fault, RunStory, Step, Story } from './chaos-plan.ts';
import { planFaults } from './plan-faults.ts';
import { createRandom, type Random } from './random.ts';

export interface PlanOptions {
  readonly seed: number;
  readonly runs: number;
  readonly kills: number;
  readonly workers?: number;
  /** Nothing that keeps a machine waiting for long: for the test run. */
  readonly isShort?: boolean;
}

const runsPerRepository = 8;
const runsPerGuest = 10;

/** Every ending comes up once before one comes up again, those that take most parts of the product first. */
const endings: readonly Ending[] = [
  'merge',
  'stop',
  'push_and_merge',
  'rest',
  'close_issue',
  'merge',
  'push',
  'close_pull',
  'merge_by_hand',
];

export function planChaos(options: PlanOptions): ChaosPlan {
  const { seed, runs, kills, workers = 2 } = options;
  const random = createRandom(seed);
  // The last one is for merges by hand: they move a base under our merges, which no bot can prevent, only find.
  const repositories = Math.max(1, Math.ceil(runs / runsPerRepository)) + 1;
  const stories = planStories(random, { runs, repositories });
  const faults = planFaults(random, { kills, workers, isShort: options.isShort ?? false });
  return { seed, repositories, workers, slots: 2, storiesAtOnce: 5, steps: spread(random, stories, faults) };
}

function planStories(random: Random, { runs, repositories }: { runs: number; repositories: number }): Story[] {
  const chosen = Array.from({ length: runs }, (_, index) => endings[index % endings.length] ?? 'rest');
  const place = (index: number) => index % (repositories - 1);
  const stories: Story[] = random.shuffle(chosen).map((ending, index) => {
    const repository = ending === 'merge_by_hand' ? repositories - 1 : place(index);
    return planRun(random, { item: index + 1, ending, repository });
  });
  const guests = Math.max(1, Math.floor(runs / runsPerGuest));
  for (let guest = 0; guest < guests; guest += 1) {
    const item = runs + 2 * guest;
    const at = random.between(0, stories.length);
    stories.splice(at, 0, { kind: 'own_pull', item: item + 1, repository: place(item) });
    stories.splice(random.between(0, at), 0, { kind: 'stranger', item: item + 2, repository: place(item + 1) });
  }
  return stories;
}

function planRun(random: Random, chosen: Pick<RunStory, 'item' | 'ending' | 'repository'>): RunStory {
  return {
    kind: 'run',
    ...chosen,
    trigger: random.pick(['label', 'label', 'comment', 'comment', 'both']),
    tasks: random.pick([1, 1, 2]),
    stumbles: random.next() < 0.15,
    asksStatus: random.next() < 0.3,
    isImpatient: random.next() < 0.25,
    pauseMs: random.between(0, 1500),
  };
}

/** Faults stand between stories, evenly: none of them comes before there is work, and each meets some. */
function spread(random: Random, stories: readonly Story[], faults: readonly Fault[]): Step[] {
  const gaps = Array.from({ length: stories.length }, (): Fault[] => []);
  const first = Math.min(1, stories.length - 1);
  faults.forEach((fault, index) => {
    const at = first + ((index + random.next()) * (stories.length - first)) / faults.length;
    gaps[Math.min(stories.length - 1, Math.floor(at))]?.push(fault);
  });
  return stories.flatMap((story, index): Step[] => [
    { kind: 'story', story },
    ...(gaps[index] ?? []).map((fault): Step => ({ kind: 'fault', fault })),
  ]);
}
