// Marks the run's pull request ready for review where that was decided. Somebody may have done so meanwhile, or pushed: then there is
// nothing to mark, or nothing to mark yet.
import type { DesiredView } from '../core/reply/view.ts';
import { ExternalError } from './external-error.ts';
import type { Showing } from './showing.ts';

export async function presentReadiness(showing: Showing, pull: DesiredView['pull']): Promise<void> {
  if (!pull?.becomesReady) return;
  const { number, becomesReady } = pull;
  await showing.attempt(async () => {
    const { github, repository } = showing;
    const { isDraft, nodeId, headSha, state } = await github.readPull(repository, number);
    if (state !== 'open' || headSha !== becomesReady.head) return;
    if (isDraft) {
      const refused = await markReady(showing, nodeId);
      if (refused !== undefined) {
        showing.ready = { number, refused };
        return;
      }
    }
    showing.ready = { number };
  });
}

/** Why GitHub will not have it, whoever asks again. */
async function markReady({ github, repository }: Showing, nodeId: string): Promise<string | undefined> {
  try {
    await github.write.markReady('merge', repository, nodeId);
    return undefined;
  } catch (error) {
    if (error instanceof ExternalError && error.retry === 'never') return error.message;
    throw error;
  }
}
