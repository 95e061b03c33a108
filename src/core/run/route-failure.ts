// Who made a merged batch fail: read from the files that the failing output names, never from the command's own
// arguments. When it names files of nobody, or of several, nobody is accused.
import type { Cause, CommandReport } from '../model/cause.ts';

interface Candidate {
  readonly key: string;
  readonly paths: readonly string[];
}

/** What a task that was merged before declared as what others rely on. */
export interface MergedContract {
  readonly owner: string;
  readonly contract: string;
}

export interface RoutedFailure {
  /** The output names this contract alone: everybody waits until it is amended, and nobody is guilty. */
  readonly amend?: MergedContract;
  readonly guilty: { key: string; cause: Cause }[];
  readonly innocent: { key: string; cause: Cause }[];
}

export function routeFailure(
  failures: CommandReport[],
  candidates: readonly Candidate[],
  contracts: readonly MergedContract[] = [],
): RoutedFailure {
  const output = failures.map((failure) => failure.output.replaceAll(failure.command, '')).join('\n');
  const accused = candidates.filter(({ paths }) => paths.some((path) => names(output, path)));
  const named = contracts.filter(({ contract }) => names(output, contract) || names(output, `${contract}/`));
  if (accused.length === 0 && named.length === 1 && named[0]) return { amend: named[0], guilty: [], innocent: [] };
  const [only] = candidates.length === 1 ? candidates : accused;
  if (only === undefined || (candidates.length > 1 && accused.length !== 1)) {
    const cause: Cause = { kind: 'integration_unrouteable', failures };
    return { guilty: candidates.map(({ key }) => ({ key, cause })), innocent: [] };
  }
  const paths = only.paths.filter((path) => names(output, path));
  const cause: Cause = { kind: 'integration_red', paths, failures };
  return {
    guilty: [{ key: only.key, cause }],
    innocent: candidates
      .filter(({ key }) => key !== only.key)
      .map(({ key }) => ({ key, cause: { kind: 'taken_out', with: only.key } })),
  };
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
