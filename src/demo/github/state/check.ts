export const checkConclusions = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
] as const;
export type CheckConclusion = (typeof checkConclusions)[number];
export type CheckStatus = 'queued' | 'in_progress' | 'completed';

export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number | null;
  readonly endColumn: number | null;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string | null;
  readonly message: string;
  readonly rawDetails: string | null;
}

/** A button on the check. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** A check run belongs to a commit, never to a pull request. */
export interface CheckRun {
  readonly id: number;
  readonly appId: number;
  readonly suiteId: number;
  readonly headSha: string;
  name: string;
  externalId: string;
  detailsUrl: string | null;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: number;
  completedAt: number | null;
  output: { title: string | null; summary: string | null; text: string | null };
  /** Grows with every update that brings annotations; nothing removes one. */
  readonly annotations: Annotation[];
  actions: readonly CheckAction[];
}

/** All check runs of one App on one commit. Its status and conclusion are derived from its runs. */
export interface CheckSuite {
  readonly id: number;
  readonly appId: number;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly before: string | null;
  readonly createdAt: number;
  updatedAt: number;
}

export const statusStates = ['error', 'failure', 'pending', 'success'] as const;
type StatusState = (typeof statusStates)[number];

/** A commit status: the older kind of check, which anybody with write access can set under any name. */
export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: StatusState;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly createdAt: number;
}
