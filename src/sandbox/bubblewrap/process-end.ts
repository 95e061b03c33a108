import { constants } from 'node:os';
import { ExternalError } from '../../engine/external-error.ts';
import type { ProcessEnd } from '../../engine/port/sandbox.ts';
import { explainFailure } from './explain-failure.ts';

export type KillReason = Extract<ProcessEnd, { kind: 'killed' }>['reason'];

export interface Ending {
  /** Undefined when the sandbox was never set up, or was ended from outside. */
  readonly exitCode: number | undefined;
  readonly stopReason: KillReason | undefined;
  readonly isOutOfMemory: boolean;
  /** What went wrong on our side. */
  readonly fault: unknown;
  readonly complaint: () => string;
}

/** What PID 1 adds to the number of the signal that ended its command, as shells do. */
const signalOffset = 128;
const killedCode = signalOffset + constants.signals.SIGKILL;

/** Throws ExternalError when the sandbox itself failed. */
export function toProcessEnd({ exitCode, stopReason, isOutOfMemory, fault, complaint }: Ending): ProcessEnd {
  const wasKilled = exitCode === undefined || exitCode === killedCode;
  if (stopReason && wasKilled) return { kind: 'killed', reason: stopReason };
  if (isOutOfMemory) return { kind: 'killed', reason: 'memory' };
  if (exitCode === undefined || fault) throw toExternalError(fault, complaint());
  const signal = signalName(exitCode - signalOffset);
  // The kernel stopped one process at what all of them may take together.
  if (signal === 'SIGXCPU') return { kind: 'killed', reason: 'cpu' };
  if (signal === 'SIGXFSZ') return { kind: 'killed', reason: 'disk' };
  return signal ? { kind: 'signalled', signal } : { kind: 'exited', code: exitCode };
}

function signalName(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}

function toExternalError(fault: unknown, complaint: string): ExternalError {
  const said = complaint || (fault instanceof Error ? fault.message : '');
  const message = `a sandbox did not start: ${explainFailure(said)}`;
  return new ExternalError({ system: 'sandbox', message, retry: 'soon', cause: fault });
}
