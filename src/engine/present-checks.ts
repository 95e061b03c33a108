import { gateName, renderLeftCheck } from '../core/reply/render-check.ts';
import type { DesiredCheck } from '../core/reply/view.ts';
import type { Importance } from './budget-writes.ts';
import { ExternalError } from './external-error.ts';
import { isSameText } from './is-same-text.ts';
import { findMade, make } from './make-once.ts';
import type { CheckFacts, CheckView } from './port/github.ts';
import type { Showing } from './showing.ts';
import { toOutward } from './to-outward.ts';

/**
 * One check run per name and commit, since none can be taken away. Should there be two all the same (a publisher stalled in
 * the very call), both say the same: the newest counts for GitHub.
 */
export async function presentChecks(showing: Showing, checks: readonly DesiredCheck[]): Promise<void> {
  for (const check of checks) await showing.attempt(() => presentCheck(showing, check));
}

async function presentCheck(showing: Showing, desired: DesiredCheck): Promise<void> {
  const { github, repository } = showing;
  const { isOnlyForKnown, ...wanted } = desired;
  const check = { ...wanted, summary: toOutward(desired.summary), title: toOutward(desired.title, 250) };
  const key = `check ${desired.headSha} ${desired.name}`;
  const list = async () =>
    (await github.listChecks(repository, desired.headSha)).filter(({ name }) => name === desired.name);
  let actual = await list();
  if (actual.length === 0) {
    const made = await findMade(showing.making, key, (id) => github.readCheck(repository, id));
    if (made) actual.push(made);
  }
  if (actual.length === 0) {
    if (isOnlyForKnown) return;
    await leaveToQueue(showing, check, actual);
    await make(showing.making, key, () => github.write.createCheck(toImportance(check, []), repository, check));
    // Two subjects may have this head, and GitHub goes by whichever check is newer. Whoever looks after making its own
    // sees that of the other, or is seen.
    actual = await list();
  }
  // Where nothing would be made, only what says the same of the same is written over: the queue's, or that of threads.
  if (isOnlyForKnown) actual = actual.filter((known) => isOfGroup(known) === isOfGroup(check));
  // Somebody's own pull request may share its head with a run's: what stands there is the run's, which is told of it.
  const owners = actual.filter((known) => !isObserved(known) && !isOfGroup(known));
  if (isObserved(check) && owners.length > 0) return await leaveToOwners(showing, owners, actual.filter(isObserved));
  if (actual.every((known) => isSame(known, check))) return;
  await leaveToQueue(showing, check, actual);
  const importance = toImportance(check, actual);
  for (const known of actual) {
    if (!isSame(known, check)) await github.write.updateCheck(importance, repository, known.id, toUpdate(known, check));
  }
}

/** The publisher of the run makes all of them say the same; until then none says yes. */
async function leaveToOwners(
  { github, repository, headOwners }: Showing,
  owners: readonly CheckFacts[],
  observed: readonly CheckFacts[],
): Promise<void> {
  for (const { externalId } of owners) noteOwner(headOwners, externalId);
  for (const own of observed) {
    if (isSuccess(own))
      await github.write.updateCheck('closing_check', repository, own.id, { ...own, ...renderLeftCheck() });
  }
}

/**
 * What the queue merges by is nobody else's to say: it is looked again until the queue is done with the commit. What was
 * judged for the queue was not judged for whoever else has that head, and is written over then.
 */
async function leaveToQueue(
  { github, repository, isQueued }: Showing,
  check: CheckView,
  actual: readonly CheckFacts[],
): Promise<void> {
  if (check.name !== gateName || isOfGroup(check)) return;
  const theirs = actual.find(isOfGroup);
  // Nobody can have this head before the queue made it, and a head that a run made is none of the queue's.
  if (!theirs && !(isObserved(check) && check.state.kind === 'completed')) return;
  if (!(await isQueued(check.headSha))) return;
  for (const own of actual) {
    // The newest counts for GitHub, and the queue's publisher may not look again.
    if (theirs && !isOfGroup(own)) await github.write.updateCheck('closing_check', repository, own.id, theirs);
  }
  throw new ExternalError({
    system: 'github',
    message: 'the merge queue has this commit, and the check on it is the queue’s',
    retry: 'soon',
  });
}

function toImportance(check: CheckView, actual: readonly CheckFacts[]): Importance {
  if (actual.some(isSuccess) && !isSuccess(check)) return 'closing_check';
  return check.state.kind === 'completed' ? 'terminal_check' : 'progress';
}

/** GitHub adds annotations to those that are there: what was said beside a line is said once. */
function toUpdate(known: CheckFacts, check: CheckView): CheckView {
  if (known.annotationCount === 0) return check;
  const { annotations: _, ...rest } = check;
  return rest;
}

function isObserved({ externalId }: { readonly externalId: string }): boolean {
  return externalId.startsWith('observed:');
}

/** It stands on a commit of the merge queue, for what that would merge. */
function isOfGroup({ externalId }: { readonly externalId: string }): boolean {
  return externalId.startsWith('group:');
}

/** Its external id begins with the number of its subject. */
function noteOwner(headOwners: Showing['headOwners'], externalId: string): void {
  const owner = Number(externalId.split(':')[0]);
  if (Number.isSafeInteger(owner) && owner > 0) headOwners.add(owner);
}

function isSuccess({ state }: CheckView): boolean {
  return state.kind === 'completed' && state.conclusion === 'success';
}

function isSame(actual: CheckFacts, desired: DesiredCheck): boolean {
  return (
    actual.externalId === desired.externalId &&
    isSameText(actual.title, desired.title) &&
    isSameText(actual.summary, desired.summary) &&
    JSON.stringify(actual.state) === JSON.stringify(desired.state) &&
    (actual.annotationCount > 0 || !desired.annotations?.length)
  );
}
