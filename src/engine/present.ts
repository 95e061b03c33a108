// The publisher: renders what GitHub should show, reads what is there, writes the difference. It starts from nothing
// but the record, so it may run twice, late, or after a crash between a write and its record. One part that cannot be
// shown does not keep the others from being shown.
import type { OutboxEntry } from '../core/model/action.ts';
import type { PresentOutcome } from '../core/model/result.ts';
import type { Repository } from '../core/model/subject.ts';
import { renderView } from '../core/reply/render-view.ts';
import type { DesiredView } from '../core/reply/view.ts';
import type { Held } from './carry-out.ts';
import { ExternalError } from './external-error.ts';
import type { GitHubPort } from './port/github.ts';
import { presentChecks } from './present-checks.ts';
import { presentComments } from './present-comments.ts';
import { presentLabels, presentReactions } from './present-marks.ts';
import { toOutward } from './to-outward.ts';
import type { WorkPorts } from './work-ports.ts';

const yieldMs = 1_000;

export async function present(ports: WorkPorts, held: Held<'present'>): Promise<PresentOutcome> {
  // What was decided since this action began is shown as well.
  const { record = held.record, now, outbox } = await ports.store.load(held.subject);
  if (outbox.some((entry) => isAnotherPublisher(entry, held.action.id, now))) {
    return { kind: 'delayed', until: now + yieldMs, why: 'another publisher is at work', isPlanned: true };
  }
  const view = renderView(record);
  const { failures, hasMade } = await show(ports.github, record.repository, view, held.signal);
  for (const failure of failures)
    ports.log.warn({ subject: held.subject, error: failure.message }, 'a part could not be shown');
  // Whoever was interrupted has not shown everything, and must not count as if it had.
  if (held.signal.aborted) return { kind: 'delayed', until: now, why: 'it was interrupted', isPlanned: true, hasMade };
  // What GitHub will never take is left out of this presentation; the next change tries again.
  const passing = failures.filter(({ retry }) => retry !== 'never');
  const [first] = passing;
  if (!first) return { kind: 'presented', revision: view.revision, hasMade, lookedAt: now };
  const until = Math.max(...passing.map(({ retry }) => (typeof retry === 'object' ? retry.at : 0)));
  return { kind: 'delayed', until, why: first.message, isPlanned: false, hasMade };
}

/** Two at once could each find a comment missing and write it. Beginning is serial, so the later one sees the earlier. */
function isAnotherPublisher({ action, state }: OutboxEntry, ownId: string, now: number): boolean {
  return action.kind === 'present' && action.id !== ownId && state.kind === 'begun' && state.leaseUntil > now;
}

/** What people wait for comes first: the gate that a merge hangs on, then answers, then progress. */
async function show(
  github: GitHubPort,
  repository: Repository,
  view: DesiredView,
  signal: AbortSignal,
): Promise<{ readonly failures: ExternalError[]; readonly hasMade: boolean }> {
  const parts = [
    () => presentChecks(github, repository, view.checks),
    () => presentReactions(github, repository, view.reactions),
    () => presentComments(github, repository, { comments: view.comments, since: view.since }),
    () => presentLabels(github, repository, view.labels),
    () => presentPull(github, repository, view.pull),
  ];
  const failures: ExternalError[] = [];
  let hasMade = false;
  for (const part of parts) {
    // Somebody else publishes when our lease is lost, and what we would write is old.
    if (signal.aborted) break;
    try {
      hasMade = (await part()) === true || hasMade;
    } catch (error) {
      if (!(error instanceof ExternalError)) throw error;
      failures.push(error);
    }
  }
  return { failures, hasMade };
}

async function presentPull(github: GitHubPort, repository: Repository, pull: DesiredView['pull']): Promise<void> {
  if (!pull) return;
  const body = toOutward(pull.body);
  const actual = await github.readPull(repository, pull.number);
  if (actual.body !== body) await github.updatePull(repository, pull.number, { body });
}
