import type { LaneOutcome } from '../core/model/result.ts';
import type { Held } from './carry-out.ts';
import { ExternalError } from './external-error.ts';
import type { WorkPorts } from './work-ports.ts';

/** Reads whether the merge of a lane's holder landed, and where the base branch is. Writes nothing. */
export async function settleLane(
  { github }: Pick<WorkPorts, 'github'>,
  { action, record }: Held<'settle_lane'>,
): Promise<LaneOutcome> {
  const { repository, branch } = record;
  try {
    const [pull, base] = await Promise.all([
      github.readPull(repository, action.number),
      github.readBranch(repository, branch),
    ]);
    return { kind: 'settled', landed: pull.state === 'merged', ...(base === undefined ? {} : { base }) };
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    const failed = { kind: 'failed' as const, why: error.message, isForGood: error.retry === 'never' };
    return typeof error.retry === 'object' ? { ...failed, until: error.retry.at } : failed;
  }
}
