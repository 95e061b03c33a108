import { type Answer, toAnswer } from './answer.ts';
import { type AdminPorts, type Call, readLimit } from './call.ts';

const deletionsAtMost = 500;

/** What has to be deleted for removed installations and repositories, and how far that is. */
export async function listDeletions({ deletions }: AdminPorts, call: Call): Promise<Answer> {
  return toAnswer({ deletions: await deletions.list(readLimit(call, deletionsAtMost)) });
}
