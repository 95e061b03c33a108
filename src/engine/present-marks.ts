// Reactions and labels: small signs, each made what it should be with as few writes as possible.
import type { DesiredView } from '../core/reply/view.ts';
import type { Importance } from './budget-writes.ts';
import type { Showing } from './showing.ts';

/** One reaction per command: the newest state replaces the one before it. */
export async function presentReactions(showing: Showing, reactions: DesiredView['reactions']): Promise<void> {
  for (const reaction of reactions) await showing.attempt(() => presentReaction(showing, reaction));
}

async function presentReaction(
  showing: Showing,
  { content, ...comment }: DesiredView['reactions'][number],
): Promise<void> {
  const { github, repository } = showing;
  const importance: Importance = content === '+1' || content === 'confused' ? 'answer' : 'progress';
  const actual = await github.listReactions(repository, comment);
  if (!actual.some((reaction) => reaction.content === content)) {
    showing.hasMade = true;
    await github.write.addReaction(importance, repository, comment, content);
  }
  for (const old of actual) {
    if (old.content !== content) await github.write.removeReaction(importance, repository, comment, old.id);
  }
}

export async function presentLabels(
  showing: Showing,
  { labels, stateLabels }: Pick<DesiredView, 'labels' | 'stateLabels'>,
): Promise<void> {
  for (const { thread, has, without } of labels) {
    const others = stateLabels.filter((label) => label.toLowerCase() !== has?.toLowerCase());
    await showing.attempt(() => presentThreadLabels(showing, { thread, has, without: [...without, ...others] }));
  }
}

async function presentThreadLabels(
  showing: Showing,
  { thread, has, without }: DesiredView['labels'][number],
): Promise<void> {
  const { github, repository } = showing;
  // To GitHub `Pilot:Working` is `pilot:working`: where people wrote it so, it is there already.
  const actual = new Map((await github.listLabels(repository, thread)).map((label) => [label.toLowerCase(), label]));
  if (has !== undefined && !actual.has(has.toLowerCase())) {
    showing.hasMade = true;
    await github.write.addLabel('progress', repository, thread, has);
  }
  for (const label of without) {
    const there = actual.get(label.toLowerCase());
    if (there !== undefined) await github.write.removeLabel('progress', repository, thread, there);
  }
}
