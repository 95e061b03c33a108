import type { SubjectRecord } from '../core/model/record.ts';
import { toRepositoryKey } from '../core/model/subject.ts';
import type { Held } from './carry-out.ts';
import type { CheckpointOwner } from './port/checkpoint.ts';

export function toCheckpointOwner({
  record,
  action,
}: {
  readonly record: Pick<SubjectRecord, 'repository' | 'number'>;
  readonly action: Pick<Held<'attempt'>['action'], 'runId' | 'task'>;
}): CheckpointOwner {
  const { repository, number } = record;
  return { repository: toRepositoryKey(repository), number, run: action.runId, task: action.task };
}
