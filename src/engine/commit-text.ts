import type { Held } from './carry-out.ts';
import type { TextCommit } from './port/github.ts';
import type { WorkPorts } from './work-ports.ts';

type Holder = Held<'propose_settings'> | Held<'propose_notes'>;

interface Move {
  readonly branch: string;
  /** Where it was when it was looked at; the commit continues this one, or begins the branch on `commit.parent`. */
  readonly from: string | undefined;
  readonly commit: TextCommit;
}

/**
 * One commit on a branch, made of text, without a clone and without an agent. False where somebody else moved the branch
 * since: nothing is written over what they did, and the commit is nobody's.
 */
export async function commitText(
  { github }: WorkPorts,
  held: Holder,
  { branch, from, commit }: Move,
): Promise<boolean> {
  const { repository } = held.record;
  const writer = github.writeFor(held);
  const to = await writer.createCommit('progress', repository, commit);
  return await writer.moveBranch('progress', repository, { branch, from, to });
}
