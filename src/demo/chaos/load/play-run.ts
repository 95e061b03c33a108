// One issue from the label or comment that asks for a run to whatever people then do with it. People who are refused,
// or whose run fails for a reason outside of it, ask again, as they would.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunStory } from '../plan/chaos-plan.ts';
import { isAtRest, listTold, readHeadline, runLabel } from '../verdict/read-thread.ts';
import { renderItem } from './item-scenario.ts';
import { command, type LoadStage, type Place, people, readThread, until } from './load-stage.ts';
import { playEnding } from './play-ending.ts';

const startPatienceMs = 120_000;
const restPatienceMs = 300_000;
const wishesAtMost = 4;
const as = people.writer;

export async function playRun(stage: LoadStage, story: RunStory, repository: string): Promise<string> {
  const { control } = stage;
  const title = `${renderItem(story.item)}wanted`;
  const { number } = await control.openIssue({ as, repository, title, body: 'Please.' });
  const issue = { repository, number };
  for (let wish = 0; wish < wishesAtMost; wish += 1) {
    const run = await askForRun(stage, story, { issue, isFirst: wish === 0 });
    if (run === undefined) return `#${number}: no run was seen to start`;
    if (run === 'refused') continue;
    await sleep(story.pauseMs);
    if (story.asksStatus) await control.comment({ as, ...issue, body: '/pilot status' });
    if (story.ending === 'stop') await command(stage, issue, { body: '/pilot stop', isTwice: story.isImpatient });
    if (story.ending === 'close_issue') await control.closeIssue({ as, ...issue });
    const headline = await awaitRest(stage, issue, run);
    if (headline === undefined) return `#${number}: run ${run} was not seen to rest`;
    if (headline.startsWith('**Ready') || story.ending === 'stop' || story.ending === 'close_issue')
      return await playEnding(stage, story, { issue, headline });
  }
  return `#${number}: given up after ${wishesAtMost} wishes`;
}

/** The run that started, `refused`, or undefined when neither was seen. */
async function askForRun(
  stage: LoadStage,
  story: RunStory,
  { issue, isFirst }: { issue: Place; isFirst: boolean },
): Promise<string | undefined> {
  const { control, bot } = stage;
  const before = await readThread(stage, issue);
  const known = new Set(listTold(before, bot).map(({ kind, id }) => `${kind} ${id}`));
  const isLabelled = isFirst && story.trigger !== 'comment';
  if (isLabelled) await control.label({ as, ...issue, label: runLabel });
  if (!isLabelled || story.trigger === 'both') {
    await command(stage, issue, { body: '/pilot run', isTwice: isFirst && story.isImpatient });
  }
  return await until(stage, startPatienceMs, async () => {
    const news = listTold(await readThread(stage, issue), bot).filter(({ kind, id }) => !known.has(`${kind} ${id}`));
    const started = news.find(({ kind }) => kind === 'sticky');
    return started?.id ?? (news.length > 0 ? 'refused' : undefined);
  });
}

/** What the run's comment says when it rests. */
export async function awaitRest(stage: LoadStage, issue: Place, run: string): Promise<string | undefined> {
  return await until(stage, restPatienceMs, async () => {
    const told = listTold(await readThread(stage, issue), stage.bot);
    const sticky = told.find(({ kind, id }) => kind === 'sticky' && id === run);
    const headline = sticky ? readHeadline(sticky.comment) : '';
    return isAtRest(headline) ? headline : undefined;
  });
}
