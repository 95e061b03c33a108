// GitHub's merge queue, one for each branch: whatever is in it has a commit of its own on what is before it, and the first
// one is put on the branch, as that very commit, once its required check has passed.
import type { Hub } from './hub.ts';
import { toMergeGroup, type Webhook } from './payload.ts';

export interface QueueEntry {
  readonly number: number;
  readonly branch: string;
  readonly ref: string;
  /** What it stands on: the branch, or the one before it. */
  readonly base: string;
  readonly head: string;
  readonly pullHead: string;
  readonly by: string;
  /** When its checks were asked for. */
  readonly at: number;
  /** What would be on the branch with it, in this order; itself last. */
  readonly holds: readonly { readonly number: number; readonly head: string }[];
}

/** Why a commit of the queue is gone. */
export type QueueEnd = 'landed' | 'failed' | 'timed_out' | 'changed' | 'conflict' | 'made_anew';

export interface MergeQueue {
  /** Every commit that it ever made. */
  readonly made: readonly QueueEntry[];
  /** In the order in which it came to it. */
  readonly ends: readonly { readonly entry: QueueEntry; readonly why: QueueEnd }[];
  /** Whoever asked for another look at the check of a commit. */
  readonly rechecks: readonly { readonly head: string; readonly by: string }[];
  list(): readonly QueueEntry[];
  enqueue(number: number, by: string): void;
  /** Of the newest check of the newest commit that holds it. */
  rerequest(number: number, by: string): void;
  /** After every step: what may be merged is, what failed or changed is taken out, what is behind it is made anew. */
  follow(): void;
}

export interface QueuePlace {
  readonly hub: Hub;
  readonly emit: (webhook: Webhook) => void;
  readonly tellPull: (action: 'enqueued' | 'dequeued', entry: Pick<QueueEntry, 'number' | 'by'>) => void;
  readonly tellRecheck: (entry: QueueEntry, by: string) => void;
  readonly land: (entry: QueueEntry) => void;
}

/** As a ruleset has it by default. */
const timeoutMs = 60 * 60_000;
/** It does not go on in the moment in which a check ends. */
const lookMs = 1_000;

const required = 'gatepilot/gate';

export function createMergeQueue({ hub, emit, tellPull, tellRecheck, land }: QueuePlace): MergeQueue {
  const queues = new Map<string, QueueEntry[]>();
  /** What the check of a commit says, and since when. */
  const seen = new Map<string, { readonly conclusion: string; readonly at: number }>();
  const made: QueueEntry[] = [];
  const ends: { readonly entry: QueueEntry; readonly why: QueueEnd }[] = [];
  const rechecks: { readonly head: string; readonly by: string }[] = [];

  const queueOf = (branch: string) => {
    const queue = queues.get(branch) ?? [];
    queues.set(branch, queue);
    return queue;
  };

  /** False where it does not merge with what is before it. */
  const add = (number: number, by: string): boolean => {
    const pull = hub.pull(number);
    const pullHead = hub.headOf(pull);
    const before = queueOf(pull.base).at(-1);
    const base = before?.head ?? hub.branches.get(pull.base) ?? '';
    const merged = hub.objects.merge(base, pullHead);
    if ('conflicts' in merged) return false;
    const { id: head } = hub.objects.commit(merged.tree, [base, pullHead], `Merge #${number}`, hub.now());
    const entry = {
      ...{ number, by, base, head, pullHead, branch: pull.base, at: hub.now() },
      ref: `gh-readonly-queue/${pull.base}/pr-${number}-${base}`,
      holds: [...(before?.holds ?? []), { number, head: pullHead }],
    };
    queueOf(pull.base).push(entry);
    made.push(entry);
    hub.branches.set(entry.ref, head);
    emit(toMergeGroup(entry, 'checks_requested'));
    return true;
  };

  const end = (entry: QueueEntry, why: QueueEnd) => {
    ends.push({ entry, why });
    const reason = why === 'landed' ? 'merged' : why === 'made_anew' ? 'invalidated' : 'dequeued';
    emit(toMergeGroup(entry, 'destroyed', reason));
    hub.branches.delete(entry.ref);
  };

  const makeAnew = (branch: string, from: number) => {
    for (const entry of queueOf(branch).splice(from)) {
      const { number, by } = entry;
      end(entry, 'made_anew');
      if (isChanged(entry)) tellPull('dequeued', entry);
      else if (!add(number, by)) {
        ends.push({ entry, why: 'conflict' });
        tellPull('dequeued', entry);
      }
    }
  };

  const takeOut = (entry: QueueEntry, why: QueueEnd) => {
    const queue = queueOf(entry.branch);
    const place = queue.indexOf(entry);
    queue.splice(place, 1);
    tellPull('dequeued', entry);
    end(entry, why);
    makeAnew(entry.branch, place);
  };

  const isChanged = ({ number, pullHead, branch }: QueueEntry) => {
    const pull = hub.pull(number);
    return pull.state !== 'open' || hub.headOf(pull) !== pullHead || pull.base !== branch;
  };

  /** Once it has said so for a moment. Anything but these is waited for. */
  const readVerdict = ({ head }: QueueEntry): 'success' | 'failure' | undefined => {
    const newest = hub.checks.findLast(({ headSha, name }) => headSha === head && name === required);
    const conclusion = newest?.state.kind === 'completed' ? newest.state.conclusion : 'none';
    const known = seen.get(head);
    if (known?.conclusion !== conclusion) seen.set(head, { conclusion, at: hub.now() });
    if (known?.conclusion !== conclusion || hub.now() < known.at + lookMs) return undefined;
    return conclusion === 'success' || conclusion === 'failure' ? conclusion : undefined;
  };

  /** True when something was done. */
  const step = (branch: string, queue: readonly QueueEntry[]): boolean => {
    const tip = hub.branches.get(branch);
    for (const [place, entry] of queue.entries()) {
      const verdict = readVerdict(entry);
      if (isChanged(entry)) takeOut(entry, 'changed');
      else if (verdict === 'failure') takeOut(entry, 'failed');
      else if (hub.now() >= entry.at + timeoutMs) takeOut(entry, 'timed_out');
      else if (place === 0 && entry.base !== tip) makeAnew(branch, 0);
      else if (place === 0 && verdict === 'success') {
        queueOf(branch).shift();
        land(entry);
        end(entry, 'landed');
      } else continue;
      return true;
    }
    return false;
  };

  return {
    made,
    ends,
    rechecks,
    list: () => [...queues.values()].flat(),

    enqueue(number, by) {
      const pull = hub.pull(number);
      const isThere = queueOf(pull.base).some((entry) => entry.number === number);
      if (pull.state !== 'open' || pull.isDraft || isThere || !add(number, by)) return;
      tellPull('enqueued', { number, by });
    },

    rerequest(number, by) {
      const entry = made.findLast((one) => one.number === number);
      if (!entry || !hub.checks.some(({ headSha }) => headSha === entry.head)) return;
      rechecks.push({ head: entry.head, by });
      tellRecheck(entry, by);
    },

    follow() {
      for (const [branch, queue] of queues) while (queue.length > 0 && step(branch, queue));
    },
  };
}
