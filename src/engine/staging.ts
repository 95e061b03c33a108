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
  /** Whoever lost his action takes away nothing of whoever has it now. */
  stillHolds(): boolean;
}

type RunPlace = Pick<StagingPlace, 'number' | 'runId'>;

function toRunFolder({ number, runId }: RunPlace): string {
  return `refs/gatepilot/${number}/${runId}`;
}

export function toIntegrationRef(place: RunPlace): string {
  return `${toRunFolder(place)}/integration`;
}

function toStagingFolder(place: RunPlace): string {
  return `${toRunFolder(place)}/staging`;
}

export function toStagingRef(place: RunPlace & Pick<StagingPlace, 'actionId'>): string {
  return `${toStagingFolder(place)}/${place.actionId}`;
}

/** All refs of a run that is over: what it leaves is in its bundles and its archive. */
export async function dropRunRefs(git: GitPort, { repository, ...place }: RunPlace & Pick<StagingPlace, 'repository'>) {
  await dropRefs(git, repository, await git.listRefs(repository, toRunFolder(place)));
}

async function dropRefs(git: GitPort, repository: RepositoryRef, refs: Awaited<ReturnType<GitPort['listRefs']>>) {
  for (const { name, commit } of refs) await git.updateRef(repository, name, undefined, commit);
}

export async function openStaging(git: GitPort, place: StagingPlace): Promise<Staging> {
  const { repository, onto } = place;
  const [target, ref] = [toIntegrationRef(place), toStagingRef(place)];
  const before = await git.readRef(repository, target);
  const move = async (name: string, to: string | undefined, from: string | undefined) => {
    if (await git.updateRef(repository, name, to, from)) return;
    throw new ExternalError({ system: 'git', message: `${name} moved while it was worked on`, retry: 'soon' });
  };
  // A run puts one batch together at a time: whoever staged something else died, or has lost his action.
  const staged = await git.listRefs(repository, toStagingFolder(place));
  const left = staged.filter(({ name }) => name !== ref);
  if (!place.stillHolds())
    throw new ExternalError({ system: 'redis', message: 'the action was given to somebody else', retry: 'soon' });
  await dropRefs(git, repository, left);
  const found = staged.find(({ name }) => name === ref)?.commit;
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
