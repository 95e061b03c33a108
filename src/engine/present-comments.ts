import type { DesiredComment } from '../core/reply/view.ts';
import { isSameText } from './is-same-text.ts';
import { findMade, make } from './make-once.ts';
import type { ThreadComment } from './port/github.ts';
import type { Showing } from './showing.ts';
import { toOutward } from './to-outward.ts';

/**
 * One comment per marker and thread, ours by marker and author. Should two of ours bear the same marker all the same (a
 * publisher stalled in the very call), the younger one goes.
 */
export async function presentComments(
  showing: Showing,
  { comments, since }: { readonly comments: readonly DesiredComment[]; readonly since: number },
): Promise<void> {
  for (const thread of new Set(comments.map((comment) => comment.thread))) {
    const desired = comments.filter((comment) => comment.thread === thread);
    await showing.attempt(() => presentThread(showing, thread, { desired, since }));
  }
}

async function presentThread(
  showing: Showing,
  thread: number,
  { desired, since }: { readonly desired: readonly DesiredComment[]; readonly since: number },
): Promise<void> {
  const { github, repository } = showing;
  const actual = (await github.listComments(repository, thread, since)).filter((comment) => comment.isOurs);
  // Answers first: a person waits for them.
  const inOrder = [
    ...desired.filter(({ isProgress }) => !isProgress),
    ...desired.filter(({ isProgress }) => isProgress),
  ];
  for (const comment of inOrder) await showing.attempt(() => presentComment(showing, comment, actual));
  for (const duplicate of listYounger(actual))
    await showing.attempt(() => github.write.deleteComment('answer', repository, duplicate.id));
}

async function presentComment(
  showing: Showing,
  desired: DesiredComment,
  actual: readonly ThreadComment[],
): Promise<void> {
  const { github, repository } = showing;
  const importance = desired.isProgress ? 'progress' : 'answer';
  const body = `${desired.marker}\n${toOutward(desired.body)}`;
  const [listed] = actual.filter((comment) => comment.body.startsWith(desired.marker)).sort((a, b) => a.id - b.id);
  const key = `comment ${desired.thread} ${desired.marker}`;
  const oldest = listed ?? (await findMade(showing.making, key, (id) => github.readComment(repository, id)));
  if (!oldest) {
    await make(showing.making, key, () => github.write.createComment(importance, repository, desired.thread, body));
  } else if (!isSameText(oldest.body, body)) {
    await github.write.updateComment(importance, repository, oldest.id, body);
  }
}

/** Also those of a run before this one: nobody else will look for them any more. */
function listYounger(comments: readonly ThreadComment[]): ThreadComment[] {
  const markers = new Set<string>();
  return [...comments]
    .sort((a, b) => a.id - b.id)
    .filter(({ body }) => {
      const [marker = ''] = body.split(/\r?\n/, 1);
      const isYounger = markers.has(marker);
      markers.add(marker);
      return isYounger && marker.startsWith('<!-- gatepilot:');
    });
}
