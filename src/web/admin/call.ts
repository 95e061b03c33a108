import type { IncomingMessage, ServerResponse } from 'node:http';
import { SubjectId } from '../../core/model/subject.ts';
import type { AnswersPort } from '../../engine/port/answers.ts';
import type { ArtifactPort } from '../../engine/port/artifact.ts';
import type { AuditPort } from '../../engine/port/audit.ts';
import type { ClockPort } from '../../engine/port/clock.ts';
import type { DeadLettersPort } from '../../engine/port/dead-letters.ts';
import type { DeletionLedger } from '../../engine/port/deletion.ts';
import type { ForgetRequest, Forgotten } from '../../engine/port/forgetting.ts';
import type { LogPort } from '../../engine/port/log.ts';
import type { LogFeedPort } from '../../engine/port/log-feed.ts';
import type { QueuePort } from '../../engine/port/queue.ts';
import type { StorePort } from '../../engine/port/store.ts';
import { type Answer, toProblem } from './answer.ts';

export interface AdminPorts {
  readonly store: StorePort;
  readonly queue: QueuePort;
  readonly answers: AnswersPort;
  readonly artifacts: Pick<ArtifactPort, 'read'>;
  readonly deadLetters: DeadLettersPort;
  readonly feed: LogFeedPort;
  readonly deletions: DeletionLedger;
  readonly audit: AuditPort;
  readonly forget: (request: ForgetRequest) => Promise<Forgotten>;
  readonly clock: ClockPort;
  readonly log: LogPort;
  readonly hash: (text: string) => string;
}

/** One request, with the parts of its path that stand for something. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Aborted when the client has gone or the server closes. */
  readonly signal: AbortSignal;
}

/** Undefined when the answer was written already, as a stream. */
export type Handle = (ports: AdminPorts, call: Call) => Promise<Answer | undefined>;

export const unknownSubject = toProblem('unknown_subject', 'Nothing is known of this subject.');

/** Undefined when the path cannot name a subject. */
export function readSubjectId({ params }: Call): SubjectId | undefined {
  const { host = '', repository = '', number = '' } = params;
  const isWritten = /^[1-9]\d{0,14}$/.test(repository) && /^[1-9]\d{0,9}$/.test(number);
  return isWritten ? SubjectId.safeParse(`${host}/${repository}/${number}`).data : undefined;
}

/** How many entries of a list are wanted. */
export function readLimit({ query }: Call, most: number): number {
  const text = query.get('limit') ?? '';
  return /^\d{1,6}$/.test(text) ? Math.min(most, Math.max(1, Number(text))) : Math.min(most, 25);
}
