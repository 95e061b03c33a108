import type { Run } from '../model/run.ts';
import { isMatch, parseGlob } from '../plan/glob.ts';

/**
 * Protected places that a merge would change: of what was verified, whoever changed it; before that, of what agents built.
 */
export function listTouched(run: Run): string[] {
  return run.verification?.touched ?? findProtected(run, listBuilt(run));
}

/** Those that the policy wants a maintainer to look at: workflows, and the bot's own settings, by default. */
export function findProtected({ policy }: Pick<Run, 'policy'>, paths: readonly string[]): string[] {
  return findMatching(policy.protectedPaths, paths);
}

export function findMatching(patterns: readonly string[], paths: readonly string[]): string[] {
  const globs = patterns.map(parseGlob);
  return paths.filter((path) => globs.some((glob) => isMatch(glob, path)));
}

/** What agents changed in tasks that are merged into our branch; of these tasks, where they are named. */
export function listBuilt({ tasks }: Run, keys?: readonly string[]): string[] {
  const merged = keys ? tasks.filter(({ key }) => keys.includes(key)) : tasks;
  return merged.flatMap(({ state }) => (state.kind === 'merged' ? state.contribution.paths : []));
}
