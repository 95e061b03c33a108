import type { Run } from '../core/model/run.ts';
import type { Repository } from '../core/model/subject.ts';
import { cutNotes } from '../core/prompt/cut-notes.ts';
import { ensureCommit } from './ensure-commit.ts';
import { readSmall } from './read-small.ts';
import type { WorkPorts } from './work-ports.ts';

/**
 * The notes file as it was on the default branch when the run began; empty where there is none. A link is no file, and one
 * that is too large to be read is none either.
 */
export async function readNotes(ports: WorkPorts, repository: Repository, run: Run): Promise<string> {
  const { notesFile: path } = run.policy;
  if (path === undefined) return '';
  const ref = await ensureCommit(ports, repository, { commit: run.base.sha });
  const read = await readSmall(ports, { repository: ref, commit: run.base.sha, path });
  return read.kind === 'read' ? cutNotes(read.text ?? '') : '';
}
