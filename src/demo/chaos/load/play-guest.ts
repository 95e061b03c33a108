// Stories that start no run: a person's own pull request, and somebody who may not ask for anything.
import type { OwnPullStory, StrangerStory } from '../plan/chaos-plan.ts';
import { isOurGate, listReactions } from '../verdict/read-thread.ts';
import { renderItem } from './item-scenario.ts';
import { type LoadStage, people, readPull, readThread, until } from './load-stage.ts';

const patienceMs = 60_000;

export async function playOwnPull(stage: LoadStage, { item }: OwnPullStory, repository: string): Promise<string> {
  const { control, bot } = stage;
  const as = people.writer;
  const branch = `${renderItem(item)}by-hand`;
  const files = { [`${branch}.txt`]: 'by hand\n' };
  await control.pushCommit({ as, repository, branch, message: 'By hand', files });
  const { number } = await control.openPull({ as, repository, title: `${renderItem(item)}own`, head: branch });
  const gate = await until(stage, patienceMs, async () =>
    (await readPull(stage, { repository, number })).checks.find((check) => isOurGate(check, bot)),
  );
  return gate ? `#${number} bears our check` : `#${number} bears no check of ours yet`;
}

export async function playStranger(stage: LoadStage, { item }: StrangerStory, repository: string): Promise<string> {
  const { control, bot } = stage;
  const as = people.stranger;
  const { number } = await control.openIssue({ as, repository, title: `${renderItem(item)}stranger` });
  const { id } = await control.comment({ as, repository, number, body: '/pilot run' });
  const reactions = await until(stage, patienceMs, async () => {
    const { comments } = await readThread(stage, { repository, number });
    const seen = comments.filter((comment) => comment.id === id).flatMap((comment) => listReactions(comment, bot));
    return seen.length > 0 ? seen : undefined;
  });
  return `#${number} was answered with ${reactions?.join(', ') ?? 'nothing yet'}`;
}
