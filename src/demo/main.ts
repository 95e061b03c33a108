// `npm run demo`: a whole run on this machine, from a labelled issue to a merged pull request. See README.md.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClockPort } from '../engine/port/clock.ts';
import type { LogPort } from '../engine/port/log.ts';
import { readSurroundings } from '../env.ts';
import { ensurePrerequisites } from '../prerequisite/ensure-prerequisites.ts';
import type { Tools } from '../prerequisite/prerequisite.ts';
import { type DemoArguments, parseArguments } from './arguments.ts';
import { armKill, type Kill } from './kill/carry-out-kill.ts';
import { type SaveGate, startSaveGate } from './kill/start-save-gate.ts';
import { isLiveMistake, type Live, prepareLive, renderSpent } from './live.ts';
import { playMainStory } from './play-main-story.ts';
import { startStack } from './stack/start-stack.ts';
import { seedWorld, type World } from './world/seed-world.ts';
import { createWorldScenario } from './world/world-scenario.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

const clock: ClockPort = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
};

const quiet: LogPort = { debug() {}, info() {}, warn() {}, error() {} };

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 64;
  }
  const folder = await mkdtemp(join(tmpdir(), 'gatepilot-demo-'));
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve('interrupted'));
  });
  try {
    const live = options.live && (await Promise.race([prepareLive(options.live, folder), interrupted]));
    if (live === 'interrupted') return 130;
    const found = await ensurePrerequisites({
      needs: ['git', 'redis', 'bubblewrap'],
      cacheFolder: join(import.meta.dirname, '../../.cache/tools'),
      environment: readSurroundings(),
      out: say,
    });
    if (found.kind === 'missing') {
      for (const { what, mend } of found.problems) process.stderr.write(`${what} ${mend}\n`);
      return 69;
    }
    return await play(options, { tools: found.tools, folder, interrupted, live });
  } catch (error) {
    if (!isLiveMistake(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 78;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Place {
  readonly tools: Tools;
  readonly folder: string;
  /** Ctrl-C: everything that was started is stopped before the demo ends. */
  readonly interrupted: Promise<'interrupted'>;
  readonly live: Live | undefined;
}

/** A step of the script takes seconds; a real agent works for as long as it needs. */
const stepMs = { scripted: 180_000, live: 60 * 60_000 };

async function play(options: DemoArguments, { tools, folder, interrupted, live }: Place): Promise<number> {
  if (live) say(live.introduction);
  say(`Starting a local GitHub, Redis, the bot (web and worker)${live ? '' : ' and a scripted model'} …`);
  const since = clock.now();
  let gate: SaveGate | undefined;
  const scenario = await createWorldScenario();
  const { kill } = options;
  const stack = await startStack({
    folder,
    tools,
    ...(live ? { own: live } : { scenarioFor: () => scenario }),
    log: quiet,
    onLog: (source, line) => {
      if (options.verbose) say(`  [${source}] ${line}`);
    },
    ...(kill?.kind === 'save'
      ? {
          workerRedisUrl: async (redisUrl) => {
            gate = await startSaveGate({ redisUrl, folder, n: kill.n });
            return gate.url;
          },
        }
      : {}),
  });
  let world: World | undefined;
  try {
    world = await seedWorld(stack.control, stack.app.appId);
    const armed: Kill | undefined = kill ? await armKill(stack, kill, gate) : undefined;
    const isMerged = await Promise.race([
      playMainStory({
        ...{ stack, world, clock, print: say },
        stepMs: live ? stepMs.live : stepMs.scripted,
        isTidinessKnown: !live,
      }),
      interrupted,
    ]);
    if (isMerged === 'interrupted') return 130;
    if (armed && !armed.hasFired()) {
      say('\nThe kill never fired: the run was over before its moment came.');
      return 1;
    }
    if (!options.once) {
      say(
        `\nEverything stays up to play with: open ${stack.github.controlUrl} (another issue waits for its label). Ctrl-C ends it.`,
      );
      await interrupted;
    }
    return isMerged ? 0 : 1;
  } finally {
    try {
      if (live && world) say(`\n${await renderSpent(live, { stack, world, since })}`);
    } finally {
      await stack.stop();
      await gate?.stop();
    }
  }
}

process.exitCode = await main();
process.exit();
