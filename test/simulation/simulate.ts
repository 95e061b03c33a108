// Plays one history on the real core and the real engine, and says what did not hold.

import type { Action } from '../../src/core/model/action.ts';
import { redact } from '../../src/core/sanitise/redact.ts';
import type { ArtifactPort } from '../../src/engine/port/artifact.ts';
import type { LogPort } from '../../src/engine/port/log.ts';
import { toQueueName } from '../../src/queue/queue-name.ts';
import { createSimulatedStore } from '../support/simulated-store.ts';
import { createAudit } from './audit.ts';
import { createFleet } from './fleet.ts';
import type { ActKind, History } from './history.ts';
import { createHub } from './hub.ts';
import { openBook, Violation } from './invariant/book.ts';
import { checkForked } from './invariant/forks.ts';
import { checkAlive } from './invariant/holders.ts';
import { lookAtQueue } from './invariant/merge-queue.ts';
import { lookAtGates } from './invariant/merge-rules.ts';
import { checkAcknowledged, checkSecrets } from './invariant/promises.ts';
import { findOwed, openTimers } from './invariant/timers.ts';
import { checkVouched } from './invariant/vouches.ts';
import { checkCheckout } from './invariant/work.ts';
import { createJobs } from './jobs.ts';
import { createKernel, epoch } from './kernel.ts';
import { createMachine } from './machine.ts';
import { createObjects, hashText } from './objects.ts';
import { letPeopleAct } from './people.ts';
import { createPost } from './post.ts';
import { listReached } from './reached.ts';
import { findUnrest, listFaultsAtRest, listHeld } from './rest.ts';
import { dayMicroUsd, renderSettings, settingsPath } from './settings.ts';
import { createSimulatedGitHub } from './simulated-github.ts';
import { createSimulatedLedger, createSimulatedSchedules } from './simulated-schedules.ts';
import type { Fates } from './simulated-work.ts';

export interface Played {
  /** What did not hold; undefined when everything did. */
  readonly wrong: string | undefined;
  renderTrace(): readonly string[];
  readonly steps: number;
  /** What this history got to, to know what a count of histories covers. */
  readonly reached: readonly string[];
  /** What of this history had no effect: a pinned one that lost its meaning would hold for ever. */
  readonly idle: readonly unknown[];
}

/** Longer than the longest limit of a state and all looks at an outage: whoever is not at rest then never will be. */
const restWithinMs = 12 * 3_600_000;
const stepsAtMost = 60_000;
const killing: readonly ActKind[] = ['kill_workers', 'replace_workers', 'blackout'];
/** How often somebody goes on with what was held and left. */
const roundsAtMost = 4;

export async function simulate(history: History): Promise<Played> {
  const kernel = createKernel(createPick(history.schedule));
  const machine = createMachine(kernel, history);
  let wrong: string | undefined;
  const report = (error: unknown) => {
    wrong ??=
      error instanceof Violation ? error.message : `a bug: ${error instanceof Error ? error.stack : String(error)}`;
  };
  const fates = createFates(history);
  const objects = createObjects();
  const hub = createHub({
    objects,
    listLagMs: history.listLagS * 1_000,
    now: kernel.now,
    step: kernel.steps,
    emit: (webhook) => post.send(webhook),
  });
  seed();
  const isDisturbed = history.faults.length + history.outages.length + history.mishaps.length > 0;
  const book = openBook({
    hub,
    fates,
    now: kernel.now,
    isDisturbed,
    isCalm: !isDisturbed && history.writesPerMinute >= 40 && !history.acts.some(({ kind }) => killing.includes(kind)),
    isApprovalRequired: history.isApprovalRequired,
    timers: openTimers(history.timers),
    mostRuns: history.runs,
    dayMicroUsd: dayMicroUsd(history.budgetCents),
    report,
  });
  const audit = createAudit(book, {
    store: createSimulatedStore({ clock: kernel }),
    github: createSimulatedGitHub(hub),
    ledger: createSimulatedLedger(kernel),
  });
  const log = createLog(
    (facts) => checkSecrets(book, 'the log of a process', facts),
    (message, facts) => {
      // What the engine survives is a bug all the same.
      if (/\bbug\b|parked/.test(message)) report(new Error(`${message}: ${JSON.stringify(facts)}`));
    },
  );
  const shared = {
    store: audit.store,
    github: audit.github,
    artifacts: createArtifacts((where, value) => checkSecrets(book, where, value)),
    log,
    hub,
    fates,
    checkpointMs: history.isKept ? 1_500 : undefined,
    onCheckout: (folder: string, commit: string) => {
      checkCheckout(book, folder, commit);
      checkForked(book, commit);
    },
    onWorked: (folder: string, hasHung: boolean) => checkAlive(book, folder, hasHung),
    // All workers stand on one machine, which has room for fewer of their actions than they would take up.
    limits: {
      perRepository: history.slots,
      perInstallation: undefined,
      host: { name: 'machine', agents: 9, checks: 2 },
    },
    runLimits: { perRepository: history.runs, perInstallation: undefined },
    writesPerMinute: history.writesPerMinute,
    queue: () => jobs,
    deliveries: () => post.log,
    timetable:
      history.timers.length === 0
        ? undefined
        : {
            schedules: createSimulatedSchedules(hub),
            ledger: audit.ledger,
            isOver: () => !people.isBusy() && findOwed(book) === undefined,
          },
  };
  const fleet = createFleet(machine, shared, { count: history.workers, onBug: report });
  const jobs = createJobs(machine, history.mishaps, {
    crew: fleet,
    queueOf: (kind) => toQueueName({ kind } as Action),
  });
  const acknowledged: string[] = [];
  const post = createPost(machine, {
    store: audit.store,
    log,
    hub: () => hub,
    jobs: () => jobs,
    onAcknowledged: (id) => {
      acknowledged.push(id);
      checkAcknowledged(book, id);
    },
    onBug: report,
  });
  const people = letPeopleAct(machine, hub, { history, fleet, post, book });

  function seed(): void {
    const tree = new Map([
      ['README.md', 'A garden.\n'],
      [settingsPath, renderSettings(history, openTimers(history.timers))],
    ]);
    const root = objects.commit(tree, [], 'First', epoch);
    hub.branches.set('main', root.id);
    hub.branches.set('stable', root.id);
    const changed = new Map([...tree, ['older.md', 'A pond.\n']]);
    // Whoever looks for schedules goes through all repositories.
    if (history.timers.length > 0) hub.openOlder(objects.commit(changed, [root.id], 'Older', epoch).id);
  }

  kernel.onStep(() => {
    hub.queue.follow();
    audit.lookAtDeeds();
    lookAtGates(book);
    lookAtQueue(book);
  });
  fleet.start();
  const lookAround = async () => {
    const queued = hub.queue.list().length;
    if (people.isBusy() || post.count() + jobs.count() + queued > 0)
      return `${queued} in the merge queue, jobs ${jobs.count()}, webhooks ${post.count()}, people ${people.isBusy()}`;
    return await findUnrest(book, audit.store);
  };
  const isOver = async () => {
    if (wrong !== undefined || kernel.steps() > stepsAtMost) return true;
    return kernel.isIdle() && (await lookAround()) === undefined;
  };
  for (let round = 0; round < roundsAtMost && wrong === undefined; round += 1) {
    if (round > 0) people.letGo(listHeld(book));
    await kernel.run({ moment: kernel.now() + restWithinMs, isOver });
    if (listHeld(book).length === 0) break;
  }
  const unrest = await lookAround();
  if (unrest !== undefined) wrong ??= `it does not come to rest: ${unrest}`;
  const isEverythingHeard = post.isEverythingHeard();
  wrong ??= (await listFaultsAtRest(book, { acknowledged, isEverythingHeard }))[0];
  for (const prompt of fates.prompts) {
    checkSecrets(book, 'a prompt', prompt);
    checkVouched(book, hub, prompt);
  }
  return {
    wrong,
    renderTrace: machine.renderTrace,
    steps: kernel.steps(),
    reached: listReached(book, post.redelivered()),
    idle: [...people.listIdle(), ...machine.listUnmet(), ...jobs.listUnmet(), ...fates.listUntaken()],
  };
}

/** The same numbers for the same seed; with none, whoever came first is first. */
function createPick(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    if (seed === 0 || count < 2) return 0;
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
}

function createFates(history: History): Fates & { listUntaken(): readonly string[] } {
  const rests: (() => readonly string[])[] = [];
  const take = <T extends string>(list: readonly T[], usual: T) => {
    let next = 0;
    rests.push(() => list.slice(next));
    return (): T => list[next++] ?? usual;
  };
  return {
    nextAgent: take(history.agents, 'done'),
    nextVerify: take(history.verifies, 'honest'),
    nextPlan: take(history.plans, 'two'),
    nextPilot: take(history.pilots, 'retry'),
    nextReview: take(history.reviews, 'met'),
    greenTrees: new Set(),
    passed: new Set(),
    judged: new Set(),
    prompts: [],
    sessions: [],
    checkpoints: { known: new Map(), there: new Map(), restored: [] },
    listUntaken: () => rests.flatMap((list) => list()),
  };
}

function createArtifacts(lookForSecrets: (where: string, value: unknown) => void): ArtifactPort {
  const files = new Map<string, Uint8Array>();
  const put = (repository: string, content: Uint8Array) => {
    const id = hashText(Buffer.from(content).toString('base64'));
    files.set(`${repository}/${id}`, content);
    return id;
  };
  return {
    put: async (repository, content) => put(repository, content),
    async putText(repository, text) {
      const clean = redact(text).text;
      lookForSecrets('an artifact', clean);
      return put(repository, Buffer.from(clean));
    },
    read: async (repository, id) => files.get(`${repository}/${id}`),
    async remove(repository, id) {
      files.delete(`${repository}/${id}`);
    },
    async removeAll(repository) {
      for (const name of files.keys()) if (name.startsWith(`${repository}/`)) files.delete(name);
    },
  };
}

function createLog(look: (facts: unknown) => void, tell: (message: string, facts: unknown) => void): LogPort {
  const take = (facts: unknown) => look(facts);
  const error = (facts: unknown, message: string) => {
    take(facts);
    tell(message, facts);
  };
  return { debug: take, info: take, warn: take, error };
}
