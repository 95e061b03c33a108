// What GitHub lets people merge, told by its own rules and in words of their own: a pull request that is open, does not
// conflict, and whose head has our required check in a conclusion that passes. Whatever it lets through must have been
// verified as that very tree, but for as long as nobody can have heard yet of what changed.
import { parseRunBranch } from '../../../src/core/model/subject.ts';
import type { Hub, HubPull } from '../hub.ts';
import { findMergedTree, toTreeId } from '../merged-tree.ts';
import type { Tree } from '../objects.ts';
import { readCommands } from '../settings.ts';
import { toPass } from '../simulated-work.ts';
import type { Book } from './book.ts';
import { isLetPass } from './exceptions.ts';

const required = 'gatepilot/gate';

/** GitHub takes each of these for passed. */
const passing: readonly string[] = ['success', 'neutral', 'skipped'];

/** A webhook, a wake, a decision and a write: where nothing is disturbed, a gate that has to close is closed within this. */
const nextWakeMs = 5_000;
/** What two subjects made at the same moment is found by the second look, once lists must show it. */
const secondLookMs = 40_000;

/** After every step: how long a gate has stood open for something that nobody verified. */
export function lookAtGates(book: Book): void {
  for (const pull of book.hub.pulls.values()) {
    if (pull.state === 'open' && pull.isOurs && parseRunBranch(pull.branch)) book.runHeads.add(book.hub.headOf(pull));
  }
  for (const pull of book.hub.pulls.values()) {
    const gap = findGap(book, pull);
    const known = book.gaps.get(pull.number);
    if (gap === undefined) {
      if (known) book.gaps.delete(pull.number);
      continue;
    }
    const since = known?.key === gap ? known.since : book.now();
    if (!known || known.key !== gap) book.gaps.set(pull.number, { key: gap, since });
    book.met.add('a gate was open for a moment for what nobody verified');
    const patience = book.hub.listLagMs > 0 ? secondLookMs : nextWakeMs;
    if (book.isCalm) book.demand(book.now() - since <= patience, `${gap}, and nobody closed its gate in time`);
  }
}

/** Everything that people could merge unverified, or by what was said of something else, when all has come to rest. */
export function listGaps(book: Book): string[] {
  const pulls = [...book.hub.pulls.values()];
  return [
    ...pulls.flatMap((pull) => findGap(book, pull) ?? []),
    ...pulls.flatMap((pull) => findBorrowed(book, pull) ?? []),
  ];
}

/** The queue has nothing any more: what it was told of a commit is nobody else's. */
function findBorrowed({ hub }: Book, pull: HubPull): string | undefined {
  const head = hub.headOf(pull);
  const newest = findGate(hub, head);
  if (pull.state !== 'open' || !newest?.externalId.startsWith('group:')) return undefined;
  return `#${pull.number} goes by what the queue was told of ${head.slice(0, 8)}: ${newest.title}`;
}

function findGap(book: Book, pull: HubPull): string | undefined {
  const { hub, fates, runHeads } = book;
  const head = hub.headOf(pull);
  // The settings let pull requests pass that no run made, among them those that the bot proposes by itself, but never with
  // a head that is, or was, a run's.
  if (!runHeads.has(head)) return undefined;
  if (pull.state !== 'open' || !isPassing(hub, head)) return undefined;
  if (hub.heldSince.has(head)) {
    book.met.add('a gate was open while CI waited');
    return `#${pull.number} may be merged by its rules at ${head.slice(0, 8)}, whose CI waits for somebody`;
  }
  const base = hub.branches.get(pull.base) ?? '';
  const tree = findMergedTree(hub.objects, base, head);
  // GitHub merges no conflict.
  if (tree === undefined || isGreenByItsSettings(fates, tree)) return undefined;
  if (isLetPass(book, { head, base })) return undefined;
  return `#${pull.number} may be merged by its rules, at ${head.slice(0, 8)} into ${pull.base} at ${base.slice(0, 8)}, and nobody verified that tree by the settings that it has`;
}

/** A base that names one more command is another policy: what passed before it says nothing. */
export function isGreenByItsSettings(fates: Book['fates'], tree: Tree): boolean {
  const treeId = toTreeId(tree);
  return fates.greenTrees.has(treeId) && readCommands(tree).every((one) => fates.passed.has(toPass(treeId, one)));
}

/** Whether GitHub lets people without a bypass merge it now. */
export function mayBeMerged(hub: Hub, pull: HubPull): boolean {
  const head = hub.headOf(pull);
  const base = hub.branches.get(pull.base) ?? '';
  const isOffered = pull.state === 'open' && !pull.isDraft;
  return isOffered && isPassing(hub, head) && findMergedTree(hub.objects, base, head) !== undefined;
}

/** Of several checks of one name GitHub goes by the newest. */
export function findGate(hub: Hub, head: string): Hub['checks'][number] | undefined {
  return hub.checks.findLast(({ headSha, name }) => headSha === head && name === required);
}

export function isPassing(hub: Hub, head: string): boolean {
  const newest = findGate(hub, head);
  return newest?.state.kind === 'completed' && passing.includes(newest.state.conclusion);
}
