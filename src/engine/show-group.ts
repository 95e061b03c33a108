// The publisher of a group: one check on its commit. It starts from the record as it is, so it may run twice, late, or
// after a crash between the write and its record.
import type { GroupShownOutcome } from '../core/model/group.ts';
import { renderGroupCheck } from '../core/reply/render-group-check.ts';
import { WritePostponed } from './budget-writes.ts';
import type { Held } from './carry-out.ts';
import { presentChecks } from './present-checks.ts';
import { startShowing } from './showing.ts';
import type { WorkPorts } from './work-ports.ts';

export async function showGroup(
  ports: Pick<WorkPorts, 'store' | 'github' | 'log'>,
  held: Held<'show_group'>,
): Promise<GroupShownOutcome> {
  const { record = held.record, now } = await ports.store.loadGroup(held.subject);
  const { made, doubtUntil, wanted } = record.shown;
  const showing = startShowing(
    ports.github,
    { repository: record.repository, presentation: { made } },
    { holder: held, now, doubtUntil },
  );
  await presentChecks(showing, [renderGroupCheck(record)]);
  const written = showing.making.made.length > 0 ? { made: showing.making.made } : {};
  if (showing.isCut) return { kind: 'delayed', until: now, why: 'the publisher was ended', ...written };
  const [failure] = showing.failures;
  if (!failure) return { kind: 'shown', revision: wanted, ...written };
  ports.log.warn({ group: held.subject, error: failure.message }, 'the verdict on a commit of the queue was not shown');
  const until = typeof failure.retry === 'object' ? failure.retry.at : now;
  const postponed = failure instanceof WritePostponed ? { postponed: wanted } : {};
  return { kind: 'delayed', until, why: failure.message, ...postponed, ...written };
}
