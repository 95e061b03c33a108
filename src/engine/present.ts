// The publisher: renders what GitHub should show, reads what is there, writes the difference. It starts from nothing
// but the record, so it may run twice, late, or after a crash between a write and its record. One part that cannot be
// shown does not keep the others from being shown.
import type { OutboxEntry } from '../core/model/action.ts';
import { listsLagMs } from '../core/model/made.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import type { PresentOutcome } from '../core/model/result.ts';
import { renderView } from '../core/reply/render-view.ts';
import type { DesiredView } from '../core/reply/view.ts';
import type { Offered } from '../core/resource/open-catalog.ts';
import { WritePostponed } from './budget-writes.ts';
import type { Held } from './carry-out.ts';
import type { ExternalError } from './external-error.ts';
import { findHeld } from './find-held.ts';
import { isQueued } from './is-queued.ts';
import { isSameText } from './is-same-text.ts';
import { InDoubt } from './make-once.ts';
import type { ResourcePort } from './port/resource.ts';
import { presentChecks } from './present-checks.ts';
import { presentComments } from './present-comments.ts';
import { presentConfigChecks } from './present-config-checks.ts';
import { presentLabels, presentReactions } from './present-marks.ts';
import { presentReadiness } from './present-readiness.ts';
import { presentRemarks } from './present-remarks.ts';
import { presentReview } from './present-review.ts';
import { readBranchRules } from './read-branch-rules.ts';
import { readSharing } from './read-sharing.ts';
import { type Showing, startShowing } from './showing.ts';
import { toOutward } from './to-outward.ts';
import { type Offering, toOffered, type WorkPorts } from './work-ports.ts';

const yieldMs = 1_000;

export async function present(
  ports: Pick<WorkPorts, 'store' | 'github' | 'log' | 'resources'> & Offering,
  held: Held<'present'>,
): Promise<PresentOutcome> {
  // What was decided since this action began is shown as well.
  const { record = held.record, now, outbox } = await ports.store.load(held.subject);
  if (outbox.some((entry) => isAnotherPublisher(entry, held.action.id, now))) {
    const revision = record.presentation.wanted;
    return { kind: 'delayed', until: now + yieldMs, why: 'another publisher is at work', isPlanned: true, revision };
  }
  const showing = startShowing(ports.github, record, {
    holder: held,
    now,
    doubtUntil: findDoubt(outbox, held.action.id),
    isQueued: (head) => isQueued(ports, record.repository, head),
  });
  const { heads, ci, others, ...sharing } = await readSharing(showing, record);
  const heldSharer = await findHeld(ports.store, record.repository, others);
  const shared = heldSharer === undefined ? sharing : { ...sharing, heldSharer };
  const branchRules = await readBranchRules(showing, record);
  const view = renderView(sharing.record, { outbox, now, branchRules, ...shared });
  await show(showing, { view, record, resources: ports.resources, offered: toOffered(ports) });
  for (const failure of showing.failures) {
    if (!isPlanned(failure))
      ports.log.warn({ subject: held.subject, error: failure.message }, 'a part could not be shown');
  }
  return {
    ...toOutcome(showing, view.revision, now),
    hasMade: showing.hasMade || showing.making.made.length > 0,
    ...(showing.making.made.length > 0 ? { made: showing.making.made } : {}),
    lookedAt: now,
    ...(heads.length > 0 ? { heads } : {}),
    ...(ci.length > 0 ? { ci } : {}),
    ...(showing.ready ? { ready: showing.ready } : {}),
    ...(record.pull && showing.headOwners.size > 0
      ? { sharedWith: { head: record.pull.head, owners: [...showing.headOwners] } }
      : {}),
  };
}

/** Two at once could each find a comment missing and write it. Beginning is serial, so the later one sees the earlier. */
function isAnotherPublisher({ action, state }: OutboxEntry, ownId: string, now: number): boolean {
  return action.kind === 'present' && action.id !== ownId && state.kind === 'begun' && state.leaseUntil > now;
}

/** One that died a moment ago, before anybody has decided on that. */
function findDoubt(outbox: readonly OutboxEntry[], ownId: string): number {
  const ends = outbox.flatMap(({ action, state }) =>
    action.kind === 'present' && action.id !== ownId && state.kind === 'begun' ? [state.leaseUntil + listsLagMs] : [],
  );
  return Math.max(0, ...ends);
}

/** What people wait for comes first: the gate that a merge hangs on, then answers, then progress. */
async function show(
  showing: Showing,
  {
    view,
    record,
    resources,
    offered,
  }: { view: DesiredView; record: SubjectRecord; resources: ResourcePort; offered: Offered },
): Promise<void> {
  await presentChecks(showing, view.checks);
  await presentReadiness(showing, view.pull);
  await presentConfigChecks(showing, { record, resources, offered });
  await presentReactions(showing, view.reactions);
  await presentComments(showing, { comments: view.comments, since: view.since });
  await presentLabels(showing, view);
  await showing.attempt(() => presentReview(showing, view.review));
  await showing.attempt(() => presentRemarks(showing, view.remarks ?? []));
  await showing.attempt(() => presentPull(showing, view.pull));
}

async function presentPull({ github, repository }: Showing, pull: DesiredView['pull']): Promise<void> {
  if (!pull) return;
  const body = toOutward(pull.body);
  const actual = await github.readPull(repository, pull.number);
  if (!isSameText(actual.body, body)) await github.write.updatePull('progress', repository, pull.number, { body });
}

/** What GitHub will never take is said and left out of this presentation; the next change tries again. */
function toOutcome({ failures, isCut }: Showing, revision: number, now: number): PresentOutcome {
  if (isCut) return { kind: 'delayed', until: now, why: 'the publisher was ended', isPlanned: true, revision };
  const passing = failures.filter(({ retry }) => retry !== 'never');
  if (passing.length > 0) {
    const until = Math.max(...passing.map(({ retry }) => (typeof retry === 'object' ? retry.at : 0)));
    const isProgress = passing.every(
      (failure) => failure instanceof WritePostponed && failure.importance === 'progress',
    );
    return {
      kind: 'delayed',
      until,
      why: toWords(passing),
      isPlanned: passing.every(isPlanned),
      revision,
      ...(isProgress ? { isProgress } : {}),
    };
  }
  return { kind: 'presented', revision, ...(failures.length > 0 ? { refused: toWords(failures) } : {}) };
}

/** Nothing is wrong: it is only too early. */
function isPlanned(failure: ExternalError): boolean {
  return failure instanceof WritePostponed || failure instanceof InDoubt;
}

function toWords(failures: readonly ExternalError[]): string {
  return [...new Set(failures.map(({ message }) => message))].slice(0, 3).join('; ');
}
