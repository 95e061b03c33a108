// The invariants, looked at on every save, start and effect. Nothing here uses the rules of the code under test: what a
// run may do is said once more, in words of its own.
import type { Action } from '../../src/core/model/action.ts';
import type { Decision } from '../../src/core/model/decision.ts';
import type { ResultEvent } from '../../src/core/model/event.ts';
import type { SubjectRecord } from '../../src/core/model/record.ts';
import type { Run } from '../../src/core/model/run.ts';
import { isLaneId, type RecordId } from '../../src/core/model/subject.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { canaries } from './canary.ts';
import type { Hub } from './hub.ts';
import type { Fates } from './simulated-work.ts';

/** An invariant that does not hold, in one sentence. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

interface Held {
  readonly action: Action;
  dispatch: number;
  token: string | undefined;
  leaseUntil: number;
  isSettling: boolean;
}

interface Known {
  version: number;
  record: SubjectRecord | undefined;
  readonly outbox: Map<string, Held>;
}

export interface Audit {
  readonly store: StorePort;
  readonly github: GitHubPort;
  readonly records: ReadonlyMap<RecordId, Known>;
  /** Event ids that a decision took. */
  readonly handled: ReadonlySet<string>;
  /** Event ids by the delivery that brought them. */
  readonly kept: ReadonlyMap<string, readonly string[]>;
  lookForSecrets(where: string, value: unknown): void;
  lookAtDeeds(): void;
  /** An agent sees the base that was recorded for its attempt, and no other. */
  lookAtCheckout(folder: string, commit: string): void;
}

export const finalStates = ['merged', 'superseded', 'closed'];
const endedStates = ['ready', 'stopped', 'failed', ...finalStates];
/** The run waits for a person and keeps its subject: what it was asked for is not answered yet. */
export const heldStates = ['paused', 'needs_input', 'awaiting_approval'];
export const restingStates = [...heldStates, ...endedStates];
/** In these, nothing that works for the run may begin. */
const haltedStates = ['stopping', 'stopped', 'failed', 'paused', ...finalStates];

/** What works for a run; everything else shows, tells or tidies. */
const workKinds: readonly string[] = ['plan', 'attempt', 'integrate', 'pilot', 'verify', 'publish_branch', 'merge'];
const dispatchesAtMost = 12;
/** A stop reaches whoever works with the next heartbeat. */
const obedienceMs = 4_000;

export function createAudit(
  hub: Hub,
  fates: Fates,
  {
    store,
    github,
    now,
    isDisturbed,
    wishes,
    report,
  }: {
    store: StorePort;
    github: GitHubPort;
    now: () => number;
    /** Something was late or lost, so nobody can be blamed for a delay. */
    isDisturbed: boolean;
    /** How often people ask for one more attempt, at most. */
    wishes: number;
    report: (error: Violation) => void;
  },
): Audit {
  const records = new Map<RecordId, Known>();
  const handled = new Set<string>();
  const kept = new Map<string, readonly string[]>();
  let deedsSeen = 0;
  let mergeBegunAt = 0;

  const demand = (holds: boolean, sentence: string) => {
    if (!holds) report(new Violation(sentence));
  };
  const at = (id: RecordId): Known => {
    const known = records.get(id) ?? { version: 0, record: undefined, outbox: new Map<string, Held>() };
    records.set(id, known);
    return known;
  };

  const lookForSecrets = (where: string, value: unknown) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const found = Object.entries(canaries).find(([, secret]) => text?.includes(secret));
    demand(!found, `the secret ${found?.[0]} is in ${where}`);
  };

  const lookAtRun = (before: Run | undefined, after: Run | undefined, decision: Decision<unknown>) => {
    // A run may end and another begin in one decision; then the end is among what was decided on.
    const isEnding = decision.handled.some(({ eventId }) => eventId.startsWith(`result/${before?.id}-`));
    if (before && after && before.id !== after.id)
      demand(
        isEnding || endedStates.includes(before.state.kind),
        `run ${after.id} started while ${before.id} was ${before.state.kind}`,
      );
    if (before && after && before.id === after.id && finalStates.includes(before.state.kind))
      demand(
        after.state.kind === before.state.kind,
        `run ${before.id} went from ${before.state.kind} to ${after.state.kind}`,
      );
    if (!after) return;
    for (const task of after.tasks) {
      if (task.state.kind === 'merged') {
        const isGreen = fates.greenTrees.has(hub.objects.get(task.state.commit).treeId);
        demand(isGreen, `${task.key} was merged into a tree that never passed`);
      }
      demand(
        task.attempts.length <= after.policy.maxAttempts + wishes,
        `${task.key} was tried ${task.attempts.length} times`,
      );
      if (endedStates.includes(after.state.kind))
        demand(task.state.kind !== 'running', `${task.key} is running in a run that is ${after.state.kind}`);
    }
  };

  /** A holder with a valid lease is left alone, and an entry leaves only with its result or after a cancel. */
  const lookAtRemoval = (id: RecordId, known: Known, actionId: string, decision: Decision<unknown>) => {
    const entry = known.outbox.get(actionId);
    if (entry?.token === undefined || entry.leaseUntil <= now()) return;
    const isAnswered = decision.handled.some(({ eventId }) => eventId === `result/${actionId}/${entry.token}`);
    demand(isAnswered, `${actionId} of ${id} was taken from a holder whose lease is valid`);
  };

  const lookAtAdded = (action: Action, before: Run | undefined, after: Run | undefined) => {
    if (action.kind === 'attempt')
      demand(after?.state.kind === 'executing', `an attempt is asked for in a run that is ${after?.state.kind}`);
    const isPaid = action.kind === 'attempt' || action.kind === 'pilot';
    if (isPaid && before && before.id === after?.id)
      demand(before.spend.microUsd < before.policy.runMicroUsd, `${action.id} is started over the budget`);
    const isFinal = after !== undefined && finalStates.includes(after.state.kind);
    demand(
      !isFinal || !workKinds.includes(action.kind),
      `${action.id} is wanted by a run that is ${after?.state.kind}`,
    );
  };

  const takeSave = (id: RecordId, expected: number, decision: Decision<unknown>) => {
    const known = at(id);
    demand(known.version === expected, `two decisions on ${id} at version ${expected} were both saved`);
    known.version = expected + 1;
    for (const { eventId } of decision.handled) {
      demand(!handled.has(`${id} ${eventId}`), `${eventId} was taken twice by ${id}`);
      handled.add(`${id} ${eventId}`);
      handled.add(eventId);
    }
    lookForSecrets(`the record or the log of ${id}`, decision);
    const after = isLaneId(id) ? undefined : (decision.record as SubjectRecord);
    lookAtRun(known.record?.run, after?.run, decision);
    for (const change of decision.outbox) {
      if (change.kind === 'add') {
        lookAtAdded(change.action, known.record?.run, after?.run);
        if (!known.outbox.has(change.action.id))
          known.outbox.set(change.action.id, {
            action: change.action,
            dispatch: 1,
            token: undefined,
            leaseUntil: 0,
            isSettling: false,
          });
        continue;
      }
      const entry = known.outbox.get(change.id);
      if (change.kind === 'remove') {
        lookAtRemoval(id, known, change.id, decision);
        known.outbox.delete(change.id);
      } else if (change.kind === 'cancel' && entry?.token === undefined) known.outbox.delete(change.id);
      else if (change.kind === 'redispatch' && entry) {
        lookAtRemoval(id, known, change.id, decision);
        demand(change.dispatch <= dispatchesAtMost, `${change.id} was handed out ${change.dispatch} times`);
        known.outbox.set(change.id, {
          ...entry,
          dispatch: change.dispatch,
          token: undefined,
          isSettling: change.isSettling || entry.isSettling,
        });
      }
    }
    known.record = after;
    if (after?.run && !restingStates.includes(after.run.state.kind))
      demand(
        decision.wakeAt !== undefined,
        `run ${after.run.id} is ${after.run.state.kind} and nothing will look at it again`,
      );
  };

  const takeBegin = (id: RecordId, actionId: string, token: string, leaseUntil: number) => {
    const known = at(id);
    const entry = known.outbox.get(actionId);
    demand(entry !== undefined, `${actionId} began and was not asked for`);
    if (!entry) return;
    demand(entry.token === undefined, `${actionId} was begun by two at once`);
    if (entry.action.kind === 'merge') mergeBegunAt = hub.step();
    entry.token = token;
    entry.leaseUntil = leaseUntil;
    const run = known.record?.run;
    if (workKinds.includes(entry.action.kind) && 'runId' in entry.action && run?.id === entry.action.runId)
      demand(
        entry.isSettling || !haltedStates.includes(run.state.kind),
        `${actionId} began in a run that is ${run.state.kind}`,
      );
  };

  /** What was built stands on the base that was recorded for it. */
  const takeResult = (id: RecordId, event: ResultEvent) => {
    if (event.kind !== 'attempt_ended' || event.outcome.kind === 'stopped') return;
    const state = at(id).record?.run?.state;
    const isObeyed = state?.kind !== 'stopping' || now() < state.since + obedienceMs;
    demand(isObeyed || isDisturbed, `${event.actionId} worked on long after it was told to stop`);
    if (event.outcome.kind !== 'anchored') return;
    const action = at(id).outbox.get(event.actionId)?.action;
    if (action?.kind !== 'attempt') return;
    const { parents } = hub.objects.get(event.outcome.commit);
    demand(
      parents.length === 1 && parents[0] === action.base,
      `${event.actionId} built on ${parents} and not on ${action.base}`,
    );
  };

  const watched: StorePort = {
    ...store,
    async intake(request) {
      const answer = await store.intake(request);
      const isDropped = answer.kind === 'unknown_subject' || answer.kind === 'mismatch';
      const ids = isDropped ? [] : request.events.map((event) => event.id);
      if (!kept.get(request.deliveryId)?.length) kept.set(request.deliveryId, ids);
      if (answer.kind === 'kept') at(answer.subject);
      return answer;
    },
    async append(id, eventId, event) {
      lookForSecrets(`the event ${eventId}`, event);
      if ('actionId' in event) takeResult(id, event);
      return await store.append(id, eventId, event);
    },
    async save(id, expected, decision) {
      const answer = await store.save(id, expected, decision);
      if (answer.kind === 'saved') takeSave(id, expected, decision);
      return answer;
    },
    async begin(...args) {
      const answer = await store.begin(...args);
      if (answer.kind === 'begun')
        takeBegin(
          args[0],
          args[1],
          answer.token,
          answer.entry.state.kind === 'begun' ? answer.entry.state.leaseUntil : 0,
        );
      return answer;
    },
    async heartbeat(...args) {
      const answer = await store.heartbeat(...args);
      const entry = at(args[0]).outbox.get(args[1]);
      if (answer !== 'lost' && entry?.token === args[2]) entry.leaseUntil = now() + args[3];
      return answer;
    },
    async appendLive(subject, actionId, line) {
      lookForSecrets('the live view', line);
      return await store.appendLive(subject, actionId, line);
    },
  };

  const listRecords = () => [...records.values()].flatMap(({ record }) => record ?? []);

  const watchedGitHub: GitHubPort = {
    ...github,
    async createComment(repository, number, body) {
      lookForSecrets('a comment', body);
      return await github.createComment(repository, number, body);
    },
    async updateComment(repository, id, body) {
      lookForSecrets('a comment', body);
      return await github.updateComment(repository, id, body);
    },
    async createCheck(repository, check) {
      lookForSecrets('a check', check);
      return await github.createCheck(repository, check);
    },
    async updateCheck(repository, id, check) {
      lookForSecrets('a check', check);
      return await github.updateCheck(repository, id, check);
    },
    async createPull(repository, pull) {
      lookForSecrets('a pull request', pull);
      return await github.createPull(repository, pull);
    },
    async updatePull(repository, number, change) {
      lookForSecrets('a pull request', change);
      return await github.updatePull(repository, number, change);
    },
    async addReaction(repository, commentId, content) {
      const isRecorded = listRecords().some(({ receipts }) =>
        receipts.some(({ source }) => source.kind === 'comment' && source.commentId === commentId),
      );
      demand(isRecorded, `comment ${commentId} was acknowledged and is in no record`);
      return await github.addReaction(repository, commentId, content);
    },
  };

  return {
    store: watched,
    github: watchedGitHub,
    records,
    handled,
    kept,
    lookForSecrets,
    lookAtCheckout(folder, commit) {
      for (const { outbox } of records.values()) {
        for (const { action, token } of outbox.values()) {
          if (action.kind === 'attempt' && folder === `${action.id}-${token}/workspace`)
            demand(commit === action.base, `${action.id} starts at ${commit} and not at ${action.base}`);
        }
      }
    },
    lookAtDeeds() {
      for (const deed of hub.deeds.slice(deedsSeen)) {
        if (deed.by !== 'gatepilot[bot]') continue;
        if (deed.kind === 'pushed') {
          const { treeId } = hub.objects.get(deed.head);
          const verification = listRecords().find(({ number }) => deed.branch.startsWith(`gatepilot/${number}/`))?.run
            ?.verification;
          const isGreen = verification?.report.commands.every(({ exit }) => exit.kind === 'exited' && exit.code === 0);
          const isVerified = verification?.key.head === deed.head && isGreen && fates.greenTrees.has(treeId);
          demand(isVerified === true, `${deed.head.slice(0, 8)} was pushed to ${deed.branch} unverified`);
          continue;
        }
        const run = listRecords().find(({ run }) => run?.pullRequest?.number === deed.number)?.run;
        const key = run?.verification?.key;
        demand(
          run !== undefined && key?.head === deed.head,
          `#${deed.number} was merged at a head that nobody verified`,
        );
        if (key?.base === deed.base) {
          demand(
            fates.greenTrees.has(deed.treeId) && key.tree === deed.treeId,
            `#${deed.number} was merged unverified`,
          );
          continue;
        }
        // GitHub does not check the base: one that moves at the last moment is told afterwards. It was there to be seen
        // when it moved before the merge began.
        const movedAt = hub.movedAt(key?.base ?? '');
        demand(movedAt >= mergeBegunAt, `#${deed.number} was merged on another base than the verified one`);
      }
      deedsSeen = hub.deeds.length;
    },
  };
}
