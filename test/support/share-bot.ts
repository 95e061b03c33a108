// One bot for all files of scenarios that need nothing of their own from it: they run in few processes, one file after the
// other in each, and a start costs more than many a scenario.
import { toPhase } from '../../src/core/model/run.ts';
import { type Bot, startBot, type TestAgent } from './bot.ts';

export type SharedBot = Pick<
  Bot,
  'stack' | 'store' | 'readArtifact' | 'readFile' | 'readRefs' | 'moveRef' | 'createRepository'
> & {
  /** To be called when a file is over: checks what GitHub was asked, and leaves the bot to the next one. */
  release(): Promise<void>;
};

const shared = new Map<TestAgent, Bot>();
let isFirst = true;

/** So the runner ends a process of tests. One that has no time for it leaves the bot to whoever clears up after the run. */
function stopWithProcess(): void {
  process.once(
    'SIGTERM',
    () => void Promise.all([...shared.values()].map((bot) => bot.stop())).finally(() => process.exit()),
  );
}

export async function shareBot(agent: TestAgent = 'coder'): Promise<SharedBot> {
  const bot = shared.get(agent) ?? (await startBot({ folder: 'gp-shared-', agent }));
  if (isFirst) stopWithProcess();
  isFirst = false;
  shared.set(agent, bot);
  return { ...bot, release: () => release(agent, bot) };
}

async function release(agent: TestAgent, bot: Bot): Promise<void> {
  // One that fails this check stops the bot.
  shared.delete(agent);
  await bot.checkHonesty();
  if (await isAtWork(bot)) return await bot.stop();
  shared.set(agent, bot);
}

/** Some files end while agents hang on purpose. */
async function isAtWork({ store }: Bot): Promise<boolean> {
  for (const id of await store.listSubjects(1_000)) {
    const { record, inbox, outbox } = await store.load(id);
    if (inbox.length + outbox.length > 0 || (record?.run && toPhase(record.run.state) === 'working')) return true;
  }
  return false;
}
