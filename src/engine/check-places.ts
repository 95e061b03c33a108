// Whether there is what a finding names. Whatever a model says: a place that is in none of these commits was looked at by nobody.
import type { Finding } from '../core/model/finding.ts';
import { isForPeople } from '../core/review/list-blocking.ts';
import type { RepositoryRef } from './port/git.ts';
import { readSmall } from './read-small.ts';
import type { WorkPorts } from './work-ports.ts';

interface Placed {
  readonly findings: Finding[];
  /** Confirmed, or for a person to decide, and nobody can say where: whether it blocks is not known. */
  readonly unplaced: number;
}

export async function checkPlaces(
  ports: WorkPorts,
  { repository, commits }: { readonly repository: RepositoryRef; readonly commits: readonly string[] },
  findings: readonly Finding[],
): Promise<Placed> {
  const lines = new Map<string, Lines>();
  for (const path of new Set(findings.map((finding) => finding.path)))
    lines.set(path, await countLines(ports, { repository, commits, path }));
  let unplaced = 0;
  const placed = findings.map(({ evidence: _, ...finding }): Finding => {
    const { path, line = 1, status } = finding;
    const { most, isTooLarge } = lines.get(path) ?? nowhere;
    if (status === 'refuted' || line <= most) return finding;
    if (status === 'confirmed' || isForPeople(finding)) unplaced += 1;
    const why = isTooLarge
      ? 'the file is too large to see whether there is such a place'
      : 'there is no such place in what was looked at';
    return { ...finding, status: 'unverified', why };
  });
  return { findings: placed, unplaced };
}

interface Lines {
  /** Of what could be read of it; 0 where it is nowhere. */
  readonly most: number;
  readonly isTooLarge: boolean;
}

const nowhere: Lines = { most: 0, isTooLarge: false };

/** A change may be wrong by what it deletes, so that the longest one counts. */
async function countLines(
  ports: WorkPorts,
  {
    repository,
    commits,
    path,
  }: { readonly repository: RepositoryRef; readonly commits: readonly string[]; readonly path: string },
): Promise<Lines> {
  let { most, isTooLarge } = nowhere;
  for (const commit of commits) {
    const read = await readSmall(ports, { repository, commit, path });
    if (read.kind === 'too_large') isTooLarge = true;
    else if (read.text !== undefined) most = Math.max(most, 1, read.text.replace(/\n$/, '').split('\n').length);
  }
  return { most, isTooLarge };
}
