// The publisher: renders what GitHub should show, reads what is there, writes the difference. It starts from nothing
// but the record, so it may run twice, late, or after a crash between a write and its record.
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
import type { WorkPorts } from './work-ports.ts';

const pauseMs = 15_000;
const yieldMs = 1_000;

export async function present(ports: WorkPorts, held: Held<'present'>): Promise<PresentOutcome> {
  // What was decided since this action began is shown as well.
  const { record = held.record, now, outbox } = await ports.store.load(held.subject);
  if (outbox.some((entry) => isAnotherPublisher(entry, held.action.id, now))) {
    return { kind: 'delayed', until: now + yieldMs, why: 'another publisher is at work' };
  }
  const view = renderView(record);
  try {
    await show(ports.github, record.repository, view);
    return { kind: 'presented', revision: view.revision };
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    const until = typeof error.retry === 'object' ? error.retry.at : now + pauseMs;
    return { kind: 'delayed', until, why: error.message };
  }
}

/** Two at once could each find a comment missing and write it. Beginning is serial, so the later one sees the earlier. */
function isAnotherPublisher({ action, state }: OutboxEntry, ownId: string, now: number): boolean {
  return action.kind === 'present' && action.id !== ownId && state.kind === 'begun' && state.leaseUntil > now;
}

/** What people wait for comes first: the gate that a merge hangs on, then answers, then progress. */
async function show(github: GitHubPort, repository: Repository, view: DesiredView): Promise<void> {
  await presentChecks(github, repository, view.checks);
  await presentReactions(github, repository, view.reactions);
  await presentComments(github, repository, view.comments);
  await presentLabels(github, repository, view.labels);
  if (view.pull) await presentPull(github, repository, view.pull);
}

async function presentPull(
  github: GitHubPort,
  repository: Repository,
  pull: NonNullable<DesiredView['pull']>,
): Promise<void> {
  const actual = await github.readPull(repository, pull.number);
  if (actual.body !== pull.body) await github.updatePull(repository, pull.number, { body: pull.body });
}
