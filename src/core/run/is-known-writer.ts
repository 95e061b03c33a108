import type { Verb } from '../command/command.ts';
import type { Actor } from '../model/actor.ts';
import type { SubjectRecord } from '../model/record.ts';

/** What needs no write permission, or was given without GitHub being asked, proves nothing about who asked. */
const proving: ReadonlySet<string> = new Set<Verb>(['run', 'finish', 'resume', 'continue', 'retry', 'skip', 'merge']);

/**
 * Whether GitHub has said of somebody before, and on this subject, that they may write. Enough to end work or to hold it
 * while GitHub cannot be asked, and for nothing else.
 */
export function isKnownWriter({ receipts }: SubjectRecord, { id }: Actor): boolean {
  return receipts.some(
    ({ actor, command, source, state }) =>
      actor.id === id && source.kind !== 'api' && proving.has(command) && state.kind !== 'refused',
  );
}
