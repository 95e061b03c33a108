// A whole chaos run: the product as it runs in earnest, people who use it, and a plan that breaks what can break. What
// it finds is judged from GitHub's side when everything rests, or when the time is up.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogPort } from '../../engine/port/log.ts';
import type { Tools } from '../../prerequisite/prerequisite.ts';
import { startStack } from '../stack/start-stack.ts';
import { injectFault, type Outage } from './fault/inject-fault.ts';
import { openServices, type Services } from './fault/open-services.ts';
import type { Kill } from './fault/supervise.ts';
import { createItemScenario, readItem } from './load/item-scenario.ts';
import type { LoadStage } from './load/load-stage.ts';
import { playStory, type Told } from './load/play-story.ts';
import { seedRepositories } from './load/seed-repositories.ts';
import type { ChaosPlan, RunStory } from './plan/chaos-plan.ts';
import { type ChaosResult, toResult } from './report/chaos-result.ts';
import { awaitRest } from './verdict/await-rest.ts';

export interface ChaosOptions {
  readonly plan: ChaosPlan;
  /** Absolute; everything is kept below it. */
  readonly folder: string;
  readonly tools: Tools;
  /** All of it: past this, what does not rest is stuck. */
  readonly limitMs: number;
  /** Somebody has had enough: everything that was started is stopped, and what was seen so far is told. */
  readonly interrupted: AbortSignal;
  readonly log: LogPort;
  readonly onLog: (source: 'web' | 'worker', line: string) => void;
  /** Told what happens, line by line. */
  readonly print: (line: string) => void;
}

export async function playChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { plan, folder, tools, log, onLog, print } = options;
  const startedAt = Date.now();
  const timeUp = AbortSignal.any([AbortSignal.timeout(options.limitMs), options.interrupted]);
  const stories = plan.steps.flatMap((step) => (step.kind === 'story' ? [step.story] : []));
  const runs = new Map(stories.flatMap((story) => (story.kind === 'run' ? [[story.item, story] as const] : [])));
  const stack = await startStack({
    ...{ folder, tools, log, onLog, slots: plan.slots, scenarioFor: toScenario(runs) },
    // What was dropped is found at once, and not minutes later.
    env: { GATEPILOT_DELIVERY_SWEEP_SECONDS: '2' },
  });
  const services = await openServices(stack, plan.workers).catch(async (error: unknown) => {
    await stack.stop();
    throw error;
  });
  try {
    const { control, app } = stack;
    const repositories = await seedRepositories(control, { appId: app.appId, count: plan.repositories });
    const stage: LoadStage = { control, repositories, bot: `${app.slug}[bot]`, signal: timeUp };
    const played = await playSteps(plan, { stage, services, print });
    print('The load is over. Nothing is broken any more from here on.');
    await control.clearFaults();
    await control.releaseDeliveries();
    await services.serve();
    const rest = await awaitRest({ stack, folder, stage, services, print });
    return await toResult({ plan, stack, services, rest, startedAt, ...played });
  } finally {
    // A start that is under way would outlive the stack.
    await services.end();
    await stack.stop();
  }
}

function toScenario(runs: ReadonlyMap<number, RunStory>) {
  return ({ prompt }: { readonly prompt: string }) => {
    const story = runs.get(readItem(prompt) ?? 0);
    return story && createItemScenario(story);
  };
}

interface Cast {
  readonly stage: LoadStage;
  readonly services: Services;
  readonly print: (line: string) => void;
}

interface Played {
  readonly kills: Kill[];
  readonly outages: Outage[];
  readonly told: Told[];
}

/** Steps are taken in order: a story begins when there is room for it, and a fault falls on whatever is under way. */
async function playSteps(plan: ChaosPlan, { stage, services, print }: Cast): Promise<Played> {
  const kills: Kill[] = [];
  const outages: Outage[] = [];
  const told: Told[] = [];
  const failures: unknown[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAt = Date.now();
  const say = (line: string) => print(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`);
  const onKill = (kill: Kill) => {
    kills.push(kill);
    say(`kill -9 ${kill.service} (process ${kill.pid})`);
  };
  const faults = {
    control: stage.control,
    serviceOf: services.of,
    onKill,
    onOutage: (outage: Outage) => void outages.push(outage),
  };
  for (const step of plan.steps) {
    if (stage.signal.aborted) break;
    if (step.kind === 'fault') {
      if (step.fault.kind !== 'kill') say(JSON.stringify(step.fault));
      await injectFault(faults, step.fault);
      continue;
    }
    while (underWay.size >= plan.storiesAtOnce) await Promise.race(underWay);
    const { story } = step;
    const playing: Promise<void> = playStory(stage, story)
      .then((end) => {
        told.push(end);
        say(`item ${end.item} · ${end.where}${end.end} (${end.seconds} s)`);
      })
      // Told at the end: until then the others go on, and whatever was started is stopped in order.
      .catch((error: unknown) => failures.push(error))
      .then(() => void underWay.delete(playing));
    underWay.add(playing);
    await sleep(stepPauseMs);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw new AggregateError(failures, 'a story could not be played');
  return { kills, outages, told };
}

const stepPauseMs = 500;
