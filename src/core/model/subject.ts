import { z } from 'zod';

/**
 * An issue or pull request thread: host + numeric repository id + number, never a number or a name alone.
 * Written `host/repositoryId/number`; hosts may carry a port.
 */
export const SubjectId = z
  .string()
  .regex(/^[^/\s]+\/\d+\/\d+$/)
  .brand('SubjectId');
export type SubjectId = z.infer<typeof SubjectId>;

/**
 * The lane of one base branch of one repository: what serialises our merges into it. Written
 * `host/repositoryId/lane/branch`; branches may hold slashes.
 */
export const LaneId = z
  .string()
  .regex(/^[^/\s]+\/\d+\/lane\/\S+$/)
  .brand('LaneId');
export type LaneId = z.infer<typeof LaneId>;

/**
 * A commit that the merge queue of a repository made: what would be put on a branch next. Written
 * `host/repositoryId/group/commit`.
 */
export const GroupId = z
  .string()
  .regex(/^[^/\s]+\/\d+\/group\/[0-9a-f]{40,64}$/)
  .brand('GroupId');
export type GroupId = z.infer<typeof GroupId>;

/**
 * The chores of one repository: what the bot proposes to it by itself, without a run. Written
 * `host/repositoryId/chores`.
 */
export const ChoresId = z
  .string()
  .regex(/^[^/\s]+\/\d+\/chores$/)
  .brand('ChoresId');
export type ChoresId = z.infer<typeof ChoresId>;

/** Whatever has a record, an inbox and an outbox of its own. */
export const RecordId = z.union([SubjectId, LaneId, GroupId, ChoresId]);
export type RecordId = z.infer<typeof RecordId>;

export function isGroupId(id: RecordId): id is GroupId {
  return id.split('/')[2] === 'group';
}

export function toGroupId(host: string, repositoryId: number, commit: string): GroupId {
  return `${host}/${repositoryId}/group/${commit}` as GroupId;
}

export function isLaneId(id: RecordId): id is LaneId {
  return id.split('/')[2] === 'lane';
}

export function isChoresId(id: RecordId): id is ChoresId {
  return id.split('/')[2] === 'chores';
}

/** It is a thread's, which people see. */
export function isSubjectId(id: RecordId): id is SubjectId {
  return !isLaneId(id) && !isGroupId(id) && !isChoresId(id);
}

export function toChoresId({ host, id }: Pick<Repository, 'host' | 'id'>): ChoresId {
  return `${host}/${id}/chores` as ChoresId;
}

export function toLaneId(host: string, repositoryId: number, branch: string): LaneId {
  return `${host}/${repositoryId}/lane/${branch}` as LaneId;
}

/** Where a subject lives. Owner, name and installation are attributes: they may change, the identity does not. */
export const Repository = z.object({
  host: z.string().min(1),
  id: z.number().int().positive(),
  owner: z.string().min(1),
  name: z.string().min(1),
  installationId: z.number().int().positive(),
});
export type Repository = z.infer<typeof Repository>;

/** Names a repository wherever something is kept for it. */
export function toRepositoryKey({ host, id }: Pick<Repository, 'host' | 'id'>): string {
  return `${host}/${id}`;
}

export function toSubjectId(host: string, repositoryId: number, number: number): SubjectId {
  return `${host}/${repositoryId}/${number}` as SubjectId;
}

export function parseSubjectId(id: SubjectId): { host: string; repositoryId: number; number: number } {
  const [host = '', repositoryId = '', number = ''] = id.split('/');
  return { host, repositoryId: Number(repositoryId), number: Number(number) };
}

/** Numbers of issues stay far below ten digits; a longer one is not one of ours. */
const branchPattern = /^gatepilot\/([1-9]\d{0,9})\/(r[1-9]\d{0,5})$/;

/** The branch of a run names its owner, so that a pull request can be recognised before its alias is known. */
export function renderRunBranch(number: number, runId: string): string {
  return `gatepilot/${number}/${runId}`;
}

export function parseRunBranch(branch: string): { number: number; runId: string } | undefined {
  const [, number, runId] = branchPattern.exec(branch) ?? [];
  return number && runId ? { number: Number(number), runId } : undefined;
}
