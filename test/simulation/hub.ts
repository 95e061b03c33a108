// What GitHub holds, and what happens to it: by our App through the port, by people through their acts.

import type { Permission } from '../../src/core/model/actor.ts';
import type { CheckFacts } from '../../src/engine/port/github.ts';
import { isOfFork } from './fork-branch.ts';
import { createMergeQueue, type MergeQueue } from './merge-queue.ts';
import type { Objects } from './objects.ts';
import { toPush, toSuite, toWebhook, type Webhook } from './payload.ts';

export interface HubComment {
  readonly id: number;
  readonly author: string;
  body: string;
  readonly at: number;
  updatedAt: number;
  /** What it said before, each until when. */
  readonly edits: { readonly body: string; readonly until: number }[];
}

export interface HubThread {
  readonly number: number;
  readonly isPull: boolean;
  readonly title: string;
  body: string;
  readonly author: string;
  readonly at: number;
  state: 'open' | 'closed';
  labels: Set<string>;
  comments: HubComment[];
  /** Beside lines of what it changes. */
  readonly lineComments: HubComment[];
  /** What it said before, each until when. */
  readonly edits: { readonly at: number; readonly body: string }[];
}

export interface HubPull {
  readonly number: number;
  readonly branch: string;
  base: string;
  title: string;
  body: string;
  state: 'open' | 'closed' | 'merged';
  /** The head when it ended; an open one's is its branch's. */
  lastHead: string;
  mergeSha: string | undefined;
  isDraft: boolean;
  /** When it became ready for review, each time. */
  readonly readied: number[];
  readonly isOurs: boolean;
  readonly at: number;
}

/** What was done to branches, in order: what the invariants are checked against. */
export type Deed =
  | { readonly kind: 'pushed'; readonly branch: string; readonly head: string; readonly by: string }
  | { readonly kind: 'readied'; readonly number: number; readonly by: string; readonly head: string }
  | {
      readonly kind: 'merged';
      readonly number: number;
      readonly by: string;
      readonly head: string;
      readonly base: string;
      readonly treeId: string;
      /** Nobody merged it himself: it was first in the queue. */
      readonly isByQueue: boolean;
    };

export interface Hub {
  readonly objects: Objects;
  readonly defaultBranch: string;
  readonly listLagMs: number;
  readonly branches: Map<string, string>;
  readonly threads: Map<number, HubThread>;
  readonly pulls: Map<number, HubPull>;
  /** By the keys of comments. */
  readonly reactions: Map<string, { readonly id: number; readonly content: string; readonly at: number }[]>;
  readonly deeds: Deed[];
  readonly permissions: Map<string, Permission>;
  /** In which step somebody lost the permission to write. */
  readonly leftAt: Map<string, number>;
  readonly queue: MergeQueue;
  /** Heads whose workflow runs wait for somebody, each with the step since when. */
  readonly heldSince: Map<string, number>;
  checks: (CheckFacts & { readonly at: number })[];
  readonly reviews: Map<number, readonly { readonly id: number; readonly body: string; readonly at: number }[]>;
  /** Comments and checks of ours that were made although there was one already, whatever became of them. */
  readonly twins: string[];
  now(): number;
  step(): number;
  /** The step in which a branch left this commit; infinite when none has. */
  movedAt(head: string): number;
  nextId(): number;
  thread(number: number): HubThread;
  pull(number: number): HubPull;
  headOf(pull: HubPull): string;
  findComment(id: number): HubComment | undefined;
  openIssue(title: string, body: string, by?: string): number;
  /** When any branch was pushed to last, to the second. */
  pushedAt(): number;
  addComment(number: number, comment: { author: string; body: string }): HubComment;
  addLineComment(number: number, comment: { author: string; body: string }): HubComment;
  editComment(number: number, comment: HubComment, body: string): void;
  addLabel(number: number, label: string, by: string): void;
  openPull(pull: {
    branch: string;
    base: string;
    title: string;
    body: string;
    isOurs: boolean;
    isDraft?: boolean;
    by?: string;
  }): number;
  /** One that is as it was asked to be stays so, and nobody hears of it. */
  setDraft(number: number, isDraft: boolean, by: string): void;
  /** Of somebody, from before the App was installed: nobody hears of it. */
  openOlder(head: string): void;
  closePull(number: number, by: string): void;
  reopenPull(number: number, by: string): void;
  retarget(number: number, base: string, by: string): void;
  mergePull(number: number, by: string): string | undefined;
  push(branch: string, head: string, by: string): void;
  editIssue(number: number, body: string, by: string): void;
  closeIssue(number: number, by: string): void;
  pressButton(number: number, identifier: string, by: string): void;
  /** Of the newest check of its head. */
  rerequest(number: number, by: string): void;
  /** Whether GitHub holds CI of the head of this pull request back. */
  holdCi(number: number, isHeld: boolean): void;
  /** No webhook tells of it. */
  leave(login: string): void;
}

export interface HubOptions {
  readonly objects: Objects;
  readonly listLagMs: number;
  readonly now: () => number;
  readonly step: () => number;
  readonly emit: (webhook: Webhook) => void;
}

/** Far from the numbers of whatever is opened later. */
export const olderNumber = 900;

export function createHub({ objects, listLagMs, now, step, emit }: HubOptions): Hub {
  let ids = 100;
  /** GitHub counts what stands beside lines by itself, so that the same numbers come back. */
  let lineIds = 100;
  let numbers = 0;
  const moves = new Map<string, number>();
  let pushedAt = now();
  const move = (branch: string, head: string, by: string) => {
    pushedAt = now();
    moves.set(hub.branches.get(branch) ?? '', step());
    hub.branches.set(branch, head);
    // Of what is pushed to a fork only its pull requests tell.
    if (!isOfFork(branch)) emit(toPush(branch, head, by));
  };
  const send = (
    name: Exclude<Webhook['name'], 'push' | 'merge_group' | 'check_suite'>,
    about: Omit<Parameters<typeof toWebhook>[0], 'name' | 'hub'>,
  ) => emit(toWebhook({ name, hub, ...about }));

  const openThread = (thread: Pick<HubThread, 'isPull' | 'title' | 'body' | 'author'>): HubThread => {
    numbers += 1;
    const opened = {
      ...thread,
      number: numbers,
      at: now(),
      state: 'open' as const,
      labels: new Set<string>(),
      comments: [],
      lineComments: [],
      edits: [],
    };
    hub.threads.set(numbers, opened);
    return opened;
  };

  const endPull = (pull: HubPull, state: 'closed' | 'merged', by: string) => {
    pull.lastHead = hub.headOf(pull);
    pull.state = state;
    hub.thread(pull.number).state = 'closed';
    send('pull_request', { action: 'closed', number: pull.number, by });
  };

  /** The branch moves to that commit, and whatever hangs on the pull request ends. */
  const land = (pull: HubPull, commit: string, { by, isByQueue }: { by: string; isByQueue: boolean }) => {
    const { number } = pull;
    const [head, base] = [hub.headOf(pull), hub.branches.get(pull.base) ?? absent(pull.base)];
    move(pull.base, commit, by);
    pull.mergeSha = commit;
    hub.deeds.push({ kind: 'merged', number, by, head, base, treeId: objects.get(commit).treeId, isByQueue });
    endPull(pull, 'merged', by);
    const issue = /\b(?:closes|fixes) #(\d+)/i.exec(pull.body)?.[1];
    if (issue !== undefined && hub.threads.get(Number(issue))?.state === 'open') hub.closeIssue(Number(issue), by);
  };

  const hub: Hub = {
    objects,
    listLagMs,
    defaultBranch: 'main',
    branches: new Map(),
    threads: new Map(),
    pulls: new Map(),
    reactions: new Map(),
    deeds: [],
    permissions: new Map([
      ['maria', 'write'],
      ['max', 'maintain'],
      ['eve', 'read'],
    ]),
    leftAt: new Map(),
    heldSince: new Map(),
    get queue() {
      return queue;
    },
    checks: [],
    reviews: new Map(),
    twins: [],
    now,
    step,
    movedAt: (head) => moves.get(head) ?? Number.POSITIVE_INFINITY,
    nextId: () => ++ids,
    thread: (number) => hub.threads.get(number) ?? absent(`thread ${number}`),
    pull: (number) => hub.pulls.get(number) ?? absent(`pull request ${number}`),
    headOf: (pull) => (pull.state === 'open' ? (hub.branches.get(pull.branch) ?? pull.lastHead) : pull.lastHead),
    findComment: (id) => [...hub.threads.values()].flatMap(({ comments }) => comments).find((one) => one.id === id),
    openIssue: (title, body, by = 'maria') => openThread({ isPull: false, title, body, author: by }).number,
    pushedAt: () => Math.floor(pushedAt / 1_000) * 1_000,

    addComment(number, { author, body }) {
      const comment = { id: hub.nextId(), author, body, at: now(), updatedAt: now(), edits: [] };
      const [mark] = body.split('\n');
      const isTwin = hub
        .thread(number)
        .comments.some((one) => one.author === author && one.body.split('\n')[0] === mark);
      if (isTwin && author === 'gatepilot[bot]') hub.twins.push(`#${number} ${mark}`);
      hub.thread(number).comments.push(comment);
      send('issue_comment', { action: 'created', number, by: author, comment });
      return comment;
    },

    addLineComment(number, { author, body }) {
      lineIds += 1;
      const comment = { id: lineIds, author, body, at: now(), updatedAt: now(), edits: [] };
      hub.thread(number).lineComments.push(comment);
      send('pull_request_review_comment', { action: 'created', number, by: author, comment });
      return comment;
    },

    editComment(number, comment, body) {
      comment.edits.push({ body: comment.body, until: now() });
      comment.body = body;
      comment.updatedAt = now();
      send('issue_comment', { action: 'edited', number, by: comment.author, comment });
    },

    addLabel(number, label, by) {
      const { labels, isPull } = hub.thread(number);
      if (labels.has(label)) return;
      labels.add(label);
      send(isPull ? 'pull_request' : 'issues', { action: 'labeled', number, by, label });
    },

    openPull({ branch, base, title, body, isOurs, isDraft = false, by = 'maria' }) {
      const author = isOurs ? 'gatepilot[bot]' : by;
      const { number } = openThread({ isPull: true, title, body, author });
      const lastHead = hub.branches.get(branch) ?? absent(branch);
      const at = now();
      hub.pulls.set(number, {
        number,
        branch,
        base,
        title,
        body,
        state: 'open',
        lastHead,
        mergeSha: undefined,
        isDraft,
        readied: [],
        isOurs,
        at,
      });
      send('pull_request', { action: 'opened', number, by: author });
      return number;
    },

    openOlder(head) {
      const [number, branch, title, body, at] = [olderNumber, 'older', 'Older', '', 0];
      hub.branches.set(branch, head);
      const thread = { number, isPull: true, title, body, author: 'maria', at, state: 'open' as const };
      hub.threads.set(number, { ...thread, labels: new Set(), comments: [], lineComments: [], edits: [] });
      const ours = { base: hub.defaultBranch, lastHead: head, mergeSha: undefined, isOurs: false };
      const ready = { isDraft: false, readied: [] };
      hub.pulls.set(number, { number, branch, title, body, at, state: 'open', ...ours, ...ready });
    },

    setDraft(number, isDraft, by) {
      const pull = hub.pull(number);
      if (pull.state !== 'open' || pull.isDraft === isDraft) return;
      pull.isDraft = isDraft;
      if (!isDraft) hub.deeds.push({ kind: 'readied', number, by, head: hub.headOf(pull) });
      if (!isDraft) pull.readied.push(now());
      send('pull_request', { action: isDraft ? 'converted_to_draft' : 'ready_for_review', number, by });
    },

    closePull: (number, by) => hub.pull(number).state === 'open' && endPull(hub.pull(number), 'closed', by),

    reopenPull(number, by) {
      const pull = hub.pull(number);
      if (pull.state !== 'closed') return;
      pull.state = 'open';
      hub.thread(number).state = 'open';
      send('pull_request', { action: 'reopened', number, by });
    },

    retarget(number, base, by) {
      hub.pull(number).base = base;
      send('pull_request', { action: 'edited', number, by });
    },

    mergePull(number, by) {
      const pull = hub.pull(number);
      const base = hub.branches.get(pull.base) ?? absent(pull.base);
      const head = hub.headOf(pull);
      const merged = objects.merge(base, head);
      if (pull.state !== 'open' || pull.isDraft || 'conflicts' in merged) return undefined;
      const commit = objects.commit(merged.tree, [base, head], `Merge #${number}`, now());
      land(pull, commit.id, { by, isByQueue: false });
      return commit.id;
    },

    push(branch, head, by) {
      move(branch, head, by);
      hub.deeds.push({ kind: 'pushed', branch, head, by });
      for (const pull of hub.pulls.values()) {
        if (pull.branch === branch && pull.state === 'open')
          send('pull_request', { action: 'synchronize', number: pull.number, by });
      }
    },

    editIssue(number, body, by) {
      hub.thread(number).edits.push({ at: now(), body: hub.thread(number).body });
      hub.thread(number).body = body;
      send('issues', { action: 'edited', number, by });
    },

    closeIssue(number, by) {
      hub.thread(number).state = 'closed';
      send('issues', { action: 'closed', number, by });
    },

    pressButton(number, identifier, by) {
      const head = hub.headOf(hub.pull(number));
      const check = hub.checks.findLast(({ headSha }) => headSha === head);
      if (check) send('check_run', { action: 'requested_action', number, by, check, identifier });
    },

    rerequest(number, by) {
      const head = hub.headOf(hub.pull(number));
      const check = hub.checks.findLast(({ headSha }) => headSha === head);
      if (check) send('check_run', { action: 'rerequested', number, by, check });
    },

    holdCi(number, isHeld) {
      const pull = hub.pull(number);
      const head = hub.headOf(pull);
      if (isHeld === hub.heldSince.has(head)) return;
      if (isHeld) hub.heldSince.set(head, step());
      else hub.heldSince.delete(head);
      emit(toSuite({ head, branch: pull.branch, isHeld }));
    },

    leave(login) {
      if (hub.permissions.get(login) === 'read') return;
      hub.permissions.set(login, 'read');
      hub.leftAt.set(login, step());
    },
  };
  const queue = createMergeQueue({
    hub,
    emit,
    tellPull: (action, { number, by }) => send('pull_request', { action, number, by }),
    tellRecheck({ head, number }, by) {
      const check = hub.checks.findLast(({ headSha }) => headSha === head);
      if (check) send('check_run', { action: 'rerequested', number, by, check });
    },
    land: ({ number, head, by }) => land(hub.pull(number), head, { by, isByQueue: true }),
  });
  return hub;
}

function absent(what: string): never {
  throw new Error(`there is no ${what} here`);
}
