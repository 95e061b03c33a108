// A repository is known by its number. Where it is and what it is called may change, and deliveries come out of order: the
// newest one knows best, unless it is of an installation that is known to have lost the repository since.
import type { Event } from '../model/event.ts';
import type { SubjectRecord } from '../model/record.ts';
import type { InboxEntry } from '../model/snapshot.ts';
import type { Repository } from '../model/subject.ts';
import { type Draft, note } from './draft.ts';
import { lookAgain } from './take-presented.ts';
import { forgetTroubles } from './trouble.ts';

const leftKept = 10;

/** What an entry says of its repository. */
export function toRepository({ event, repository }: InboxEntry): Repository | undefined {
  return event.kind === 'repository_moved' ? event.repository : repository;
}

/** As it is after these entries. */
export function findRepository(
  { repository, left = [] }: Pick<SubjectRecord, 'repository' | 'left'>,
  inbox: readonly InboxEntry[],
): Repository {
  const lost = inbox.flatMap(({ event }) => (event.kind === 'repository_moved' ? [event.from] : []));
  // Where it moved to may be where it was once.
  const newest = inbox.findLast(
    (entry) =>
      entry.event.kind === 'repository_moved' ||
      (entry.repository && ![...left, ...lost].includes(entry.repository.installationId)),
  );
  return (newest && toRepository(newest)) ?? repository;
}

/** From a delivery. */
export function takeRepository({ record }: Draft, repository: Repository): void {
  if (!record.left?.includes(repository.installationId)) record.repository = repository;
}

/** What failed meanwhile failed for want of a token, and what was to be shown may not have been. */
export function takeMoved(draft: Draft, { from, repository }: Extract<Event, { kind: 'repository_moved' }>): void {
  const { record } = draft;
  const others = (record.left ?? []).filter((id) => id !== repository.installationId && id !== from);
  record.left = [...others, from].slice(-leftKept);
  if (record.repository.installationId === from) record.repository = repository;
  note(draft, 'repository_moved', `it is ${record.repository.owner}/${record.repository.name} now`);
  const { run } = record;
  if (run) forgetTroubles(run);
  if (run?.state.kind === 'paused' && run.state.lookAt !== undefined) run.state.lookAt = draft.now;
  draft.urgency = 'now';
  lookAgain(draft, { after: 0 });
}
