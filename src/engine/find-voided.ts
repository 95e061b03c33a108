// Which findings that somebody rejected have other lines by now. What cannot be looked at counts as changed.
import type { Dismissal } from '../core/model/dismissal.ts';
import type { Repository } from '../core/model/subject.ts';
import { ensureCommit } from './ensure-commit.ts';
import type { RepositoryRef } from './port/git.ts';
import { readSmall } from './read-small.ts';
import type { WorkPorts } from './work-ports.ts';

interface Place {
  readonly repository: Repository;
  readonly ref: RepositoryRef;
  readonly head: string;
}

/** Names of them. */
export async function findVoided(
  ports: WorkPorts,
  { repository, ref, head }: Place,
  dismissals: readonly Dismissal[],
): Promise<string[]> {
  const voided: string[] = [];
  for (const dismissal of dismissals) {
    const { finding } = dismissal;
    if (finding.id === undefined || dismissal.head === head) continue;
    await ensureCommit(ports, repository, { commit: dismissal.head });
    const [before, after] = await Promise.all(
      [dismissal.head, head].map((commit) => readSmall(ports, { repository: ref, commit, path: finding.path })),
    );
    if (before?.kind !== 'read' || after?.kind !== 'read' || !isSame(before.text, after.text, toLines(dismissal)))
      voided.push(finding.id);
  }
  return voided;
}

/** From 1; undefined is the whole file. */
interface Lines {
  readonly from: number;
  readonly to: number;
}

/** So many lines above and below count as well: what a line does is seen there. */
const around = 3;

function toLines({ finding: { line, evidence, path } }: Dismissal): Lines | undefined {
  const shown = evidence?.kind === 'trace' && evidence.path === path ? evidence : undefined;
  const first = Math.min(line ?? shown?.from ?? 0, shown?.from ?? line ?? 0);
  const last = Math.max(line ?? 0, shown?.to ?? 0);
  return last === 0 ? undefined : { from: Math.max(1, first - around), to: last + around };
}

/** They may stand elsewhere in the file, one after the other. */
function isSame(before: string | undefined, after: string | undefined, lines: Lines | undefined): boolean {
  if (before === after) return true;
  if (before === undefined || after === undefined || !lines) return false;
  const part = before
    .split('\n')
    .slice(lines.from - 1, lines.to)
    .join('\n');
  return part.trim() !== '' && `\n${after}\n`.includes(`\n${part}\n`);
}
