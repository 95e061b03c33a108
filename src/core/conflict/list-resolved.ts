import type { Resolution } from '../model/resolution.ts';
import type { Run } from '../model/run.ts';

type Resolved = Resolution & { readonly end: { readonly kind: 'resolved' } };

/** Conflicts that were resolved, in a commit that is in the branch as people see it or is the next to be pushed. */
export function listResolved({ resolutions = [], pushed, broughtIn }: Run): Resolved[] {
  return resolutions.filter(
    (one): one is Resolved =>
      one.end.kind === 'resolved' && (pushed.includes(one.end.commit) || one.end.commit === broughtIn?.commit),
  );
}

/** Files that agents changed to settle a conflict. */
export function listRepaired(run: Run): string[] {
  return listResolved(run).flatMap(({ by, end }) => (by.kind === 'agent' ? [...end.paths, ...end.secondary] : []));
}

/** Of those only what is not pushed yet. */
export function listUnpushedRepairs(run: Run): string[] {
  return listRepaired({ ...run, pushed: [] });
}

/** What agents tried, whatever became of it. */
export function countRepairs({ resolutions = [] }: Run, isMeant: (isAsked: boolean) => boolean = () => true): number {
  return resolutions.filter(({ by }) => by.kind === 'agent' && isMeant(by.isAsked)).length;
}
