// Who made a merged batch fail: read from the files that the failing output names, never from the command's own
// arguments. When it names files of nobody, or of several, nobody is accused.
import type { Cause, CommandReport } from '../model/cause.ts';

interface Candidate {
  readonly key: string;
  readonly paths: readonly string[];
}

export interface RoutedFailure {
  readonly guilty: { key: string; cause: Cause }[];
  readonly innocent: { key: string; cause: Cause }[];
}

export function routeFailure(failures: CommandReport[], candidates: readonly Candidate[]): RoutedFailure {
  const output = failures.map((failure) => failure.output.replaceAll(failure.command, '')).join('\n');
  const accused = candidates.filter(({ paths }) => paths.some((path) => names(output, path)));
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
    if (!/[\w.-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}
