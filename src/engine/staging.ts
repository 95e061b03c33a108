// Where a batch is put together: a ref of our own that moves with every merge, so that no housekeeping of git takes what
// is being verified, and whoever comes after a crash goes on from it. The run's own ref moves once, at the end, and only
// from where it was at the beginning. Every move is a compare-and-swap: a holder that was replaced meets one that fails.
import { ExternalError } from './external-error.ts';
import type { GitPort, RepositoryRef } from './port/git.ts';

export interface Staging {
  /** What is put together so far; more than the start where an earlier holder of the same action came some way. */
  readonly head: string;
  advance(commit: string): Promise<void>;
  /** Moves the run's own ref to what was put together. */
  land(): Promise<void>;
  /** Takes the staging ref away, unless somebody else has moved it. */
  remove(): Promise<void>;
}

export interface StagingPlace {
  readonly repository: RepositoryRef;
  readonly number: number;
  readonly runId: string;
  /** Of the action: what another one staged may hold what is not wanted any more. */
  readonly actionId: string;
  /** Where it starts. */
  readonly onto: string;
}

export function toIntegrationRef({ number, runId }: Pick<StagingPlace, 'number' | 'runId'>): string {
  return `refs/gatepilot/${number}/${runId}/integration`;
}

export function toStagingRef({ number, runId, actionId }: Omit<StagingPlace, 'repository' | 'onto'>): string {
  return `refs/gatepilot/${number}/${runId}/staging/${actionId}`;
}

export async function openStaging(git: GitPort, place: StagingPlace): Promise<Staging> {
  const { repository, onto } = place;
  const [target, ref] = [toIntegrationRef(place), toStagingRef(place)];
  const before = await git.readRef(repository, target);
  const move = async (name: string, to: string | undefined, from: string | undefined) => {
    if (await git.updateRef(repository, name, to, from)) return;
    throw new ExternalError({ system: 'git', message: `${name} moved while it was worked on`, retry: 'soon' });
  };
  const found = await git.readRef(repository, ref);
  const isGoingOn = found !== undefined && (await git.isAncestor(repository, onto, found));
  let head = isGoingOn ? found : onto;
  if (!isGoingOn) await move(ref, head, found);
  return {
    get head() {
      return head;
    },
    async advance(commit) {
      await move(ref, commit, head);
      head = commit;
    },
    async land() {
      if (before !== head) await move(target, head, before);
    },
    async remove() {
      await git.updateRef(repository, ref, undefined, head);
    },
  };
}
