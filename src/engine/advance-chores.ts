// Looks at the chores of a repository, with the machinery by which subjects are looked at. As for a lane, whatever GitHub
// has to be asked is an action of its own.
import { decideChores } from '../core/chores/decide-chores.ts';
import { type ChoresRecord, type ChoresSnapshot, openChores } from '../core/model/chores.ts';
import type { InboxEntry } from '../core/model/snapshot.ts';
import type { ChoresId } from '../core/model/subject.ts';
import { type AdvanceRecordPorts, advanceRecord } from './advance-record.ts';
import type { Looking } from './decide-soundly.ts';

export async function advanceChores(ports: AdvanceRecordPorts, chores: ChoresId): Promise<void> {
  const looking: Looking<ChoresRecord, ChoresSnapshot> = {
    load: () => ports.store.loadChores(chores),
    async observe({ now, record, inbox, outbox }) {
      const known = record ?? openFirstChores(inbox);
      return known && { chores, now, record: known, inbox, outbox };
    },
    decide: decideChores,
  };
  await advanceRecord(ports, chores, looking);
}

/** Whatever comes first says which repository it is. */
function openFirstChores(inbox: readonly InboxEntry[]): ChoresRecord | undefined {
  for (const { event, repository } of inbox) {
    if (repository) return openChores(repository);
    if (event.kind === 'learned' || event.kind === 'settings_missing') return openChores(event.repository);
  }
  return undefined;
}
