import { isAtLeast } from '../core/model/actor.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import type { Repository } from '../core/model/subject.ts';
import type { GitHubReader } from './port/github.ts';

/** Whether somebody who still may write vouched for exactly this head of a pull request from a fork. */
export async function isHeadVouched(
  github: Pick<GitHubReader, 'readPermission'>,
  repository: Repository,
  { record, head }: { readonly record: Pick<SubjectRecord, 'vouchedHead'> | undefined; readonly head: string },
): Promise<boolean> {
  const { vouchedHead } = record ?? {};
  if (vouchedHead?.head !== head) return false;
  return isAtLeast(await github.readPermission(repository, vouchedHead.by), 'write');
}
