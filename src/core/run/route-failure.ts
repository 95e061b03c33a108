// Who made a merged batch fail: read from the files that the failing output names, never from the command's own
// arguments. When it names files of nobody, or of several, nobody is accused.
import type { Cause, CommandReport } from '../model/cause.ts';
import { isWithinContract } from '../plan/contract-path.ts';

interface Candidate {
  readonly key: string;
  readonly paths: readonly string[];
}

/** A task that was merged before, and files of it that others rely on. */
export interface MergedOwner {
  readonly owner: string;
  readonly paths: readonly string[];
}

export interface RedBatch {
  readonly candidates: readonly Candidate[];
  readonly owners: readonly MergedOwner[];
  /** Just what the batch was merged onto passed these commands, and one task is all that was merged since. */
  readonly isOnlyChange: boolean;
}

export interface RoutedFailure {
  /** The output names files of this owner alone: everybody waits until they are amended, and nobody is guilty. */
  readonly amend?: MergedOwner;
  readonly guilty: { key: string; cause: Cause }[];
  readonly innocent: { key: string; cause: Cause }[];
}

export function routeFailure(failures: CommandReport[], batch: RedBatch): RoutedFailure {
  const { candidates, owners, isOnlyChange } = batch;
  const output = failures.map((failure) => failure.output.replaceAll(failure.command, '')).join('\n');
  const accused = listNamed(candidates, output);
  const [only, ...others] = accused;
  if (only && others.length === 0) {
    const cause: Cause = { kind: 'integration_red', paths: [...only.paths], failures };
    return accuse(only.key, cause, candidates);
  }
  const named = accused.length === 0 ? listNamed(owners, output) : [];
  const [owner] = named;
  if (owner && named.length === 1)
    return { amend: { owner: owner.owner, paths: leaveOutInner(owner.paths) }, guilty: [], innocent: [] };
  const [lone] = candidates;
  // Nothing but this was changed since all was well: that is no guess.
  if (lone && candidates.length === 1 && named.length === 0 && isOnlyChange)
    return accuse(lone.key, { kind: 'integration_red', paths: [], failures, isOnlyChange }, candidates);
  const cause: Cause = { kind: 'integration_unrouteable', failures };
  return { guilty: candidates.map(({ key }) => ({ key, cause })), innocent: [] };
}

function accuse(guilty: string, cause: Cause, candidates: readonly Candidate[]): RoutedFailure {
  return {
    guilty: [{ key: guilty, cause }],
    innocent: candidates
      .filter(({ key }) => key !== guilty)
      .map(({ key }) => ({ key, cause: { kind: 'taken_out', with: guilty } })),
  };
}

/** Those of whom the output names something, each with just that. */
function listNamed<Of extends { readonly paths: readonly string[] }>(all: readonly Of[], output: string): Of[] {
  return all
    .map((one) => ({ ...one, paths: one.paths.filter((path) => names(output, path)) }))
    .filter(({ paths }) => paths.length > 0);
}

/** A file in a folder that is named as well is named by that. */
function leaveOutInner(paths: readonly string[]): string[] {
  const isInner = (path: string, other: string) => isWithinContract(path, other) && !isWithinContract(other, path);
  return paths.filter((path) => !paths.some((other) => isInner(path, other)));
}

/** The whole path, not a part of a longer one. */
function names(output: string, path: string): boolean {
  for (let from = output.indexOf(path); from >= 0; from = output.indexOf(path, from + 1)) {
    const before = output[from - 1] ?? ' ';
    const after = output[from + path.length] ?? ' ';
    const isWhole = path.endsWith('/') || !/[\w-]/.test(after);
    if (!/[\w.-]/.test(before) && isWhole) return true;
  }
  return false;
}
