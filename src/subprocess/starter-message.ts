// What a process and its starter say to each other.
import type { NotStarted, ProcessCall, ProcessOutcome } from './run-process.ts';

export interface StarterRequest {
  readonly id: number;
  readonly call: ProcessCall;
}

export type StarterAnswer =
  | { readonly id: number; readonly kind: 'ended'; readonly outcome: ProcessOutcome }
  | { readonly id: number; readonly kind: 'not_started'; readonly why: NotStarted; readonly message: string };
