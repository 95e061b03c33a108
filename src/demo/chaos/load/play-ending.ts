// What people do with a run that rests: merge it, push to it, close it, merge it by hand, or leave it.
import { setTimeout as sleep } from 'node:timers/promises';
import { ControlRefused } from '../../github/control-client.ts';
import type { PullSnapshot } from '../../github/state/snapshot.ts';
import type { RunStory } from '../plan/chaos-plan.ts';
import { isOurGate, listReactions, listTold } from '../verdict/read-thread.ts';
import { renderItem } from './item-scenario.ts';
import { command, type LoadStage, type Place, people, readPull, readThread, until } from './load-stage.ts';

const patienceMs = 180_000;
const triesAtMost = 6;
const as = people.writer;

export async function playEnding(
  stage: LoadStage,
  story: RunStory,
  { issue, headline }: { issue: Place; headline: string },
): Promise<string> {
  const where = `#${issue.number}`;
  if (story.ending === 'rest' || !headline.startsWith('**Ready')) return `${where}: ${headline}`;
  const number = await findPullNumber(stage, issue);
  if (number === undefined) return `${where}: ready, and no pull request was seen`;
  const pull = { repository: issue.repository, number };
  await sleep(story.pauseMs);
  switch (story.ending) {
    case 'push':
      return `${where}: ${await push(stage, story, pull)}`;
    case 'push_and_merge':
      await push(stage, story, pull);
      return `${where}: ${await merge(stage, story, pull)}`;
    case 'merge':
      return `${where}: ${await merge(stage, story, pull)}`;
    case 'merge_by_hand':
      return `${where}: ${await mergeByHand(stage, pull)}`;
    case 'close_pull':
      await stage.control.closeIssue({ as, ...pull });
      return `${where}: pull request #${number} was closed`;
    default:
      return `${where}: ${headline}`;
  }
}

/** The run's comment names its pull request. */
async function findPullNumber(stage: LoadStage, issue: Place): Promise<number | undefined> {
  return await until(stage, patienceMs, async () => {
    const stickies = listTold(await readThread(stage, issue), stage.bot).filter(({ kind }) => kind === 'sticky');
    const [, number] = /pull request #(\d+)/.exec(stickies.at(-1)?.comment.body ?? '') ?? [];
    return number === undefined ? undefined : Number(number);
  });
}

async function push(stage: LoadStage, { item }: RunStory, place: Place): Promise<string> {
  const { headRef } = await readPull(stage, place);
  const files = { [`${renderItem(item)}pushed.txt`]: 'pushed\n' };
  const { repository } = place;
  const { sha } = await stage.control.pushCommit({ as, repository, branch: headRef, message: 'One more', files });
  const gate = await awaitGate(stage, place, ({ headSha }) => headSha === sha);
  return gate ? `the pushed head was judged: ${gate}` : 'the pushed head was not seen to be judged';
}

/** The conclusion of our check on the head, once there is one. */
async function awaitGate(
  stage: LoadStage,
  place: Place,
  isMeant: (pull: PullSnapshot) => boolean = () => true,
): Promise<string | undefined> {
  return await until(stage, patienceMs, async () => {
    const pull = await readPull(stage, place);
    if (!isMeant(pull)) return undefined;
    return pull.checks.find((check) => isOurGate(check, stage.bot))?.conclusion ?? undefined;
  });
}

/** Asked again when the base moved in between: that is what people are told to do. */
async function merge(stage: LoadStage, { isImpatient }: RunStory, place: Place): Promise<string> {
  for (let attempt = 1; attempt <= triesAtMost; attempt += 1) {
    if ((await awaitGate(stage, place)) !== 'success') return 'the gate did not open';
    const id = await command(stage, place, { body: '/pilot merge', isTwice: isImpatient });
    const answer = await until(stage, patienceMs, async () => {
      const { comments } = await readThread(stage, place);
      const [comment] = comments.filter((candidate) => candidate.id === id);
      const reactions = comment ? listReactions(comment, stage.bot) : [];
      return reactions.find((content) => content === '+1' || content === 'confused');
    });
    if (answer === undefined) return 'the merge command was not seen to be answered';
    if (answer === '+1') return `merged at the command, try ${attempt}`;
  }
  return `not merged after ${triesAtMost} commands`;
}

async function mergeByHand(stage: LoadStage, place: Place): Promise<string> {
  for (let attempt = 1; attempt <= triesAtMost; attempt += 1) {
    await awaitGate(stage, place);
    try {
      await stage.control.mergePull({ as, ...place });
      return 'merged by hand';
    } catch (error) {
      if (!(error instanceof ControlRefused)) throw error;
      await sleep(1_000);
    }
  }
  return 'GitHub refused the merge by hand';
}
