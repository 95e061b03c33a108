// People: what they do, at the moments of the history, on what is there at that moment.

import type { Fleet } from './fleet.ts';
import { isOfFork, toForkBranch } from './fork-branch.ts';
import type { Act, History } from './history.ts';
import type { Hub, HubPull } from './hub.ts';
import type { Book } from './invariant/book.ts';
import { forkPath, renderForkWork } from './invariant/forks.ts';
import { renderWord } from './invariant/instructions.ts';
import { mayBeMerged } from './invariant/merge-rules.ts';
import { isServed } from './invariant/timers.ts';
import { renderStrangerWord } from './invariant/vouches.ts';
import type { Machine } from './machine.ts';
import type { Post } from './post.ts';
import type { listHeld } from './rest.ts';
import { renderSettings, settingsPath, withCommand } from './settings.ts';

export interface People {
  /** Whether there is still somebody who will do something. */
  isBusy(): boolean;
  /** Acts that nobody came to, or that changed nothing: what they are about was not there. */
  listIdle(): readonly Act[];
  /** Somebody goes on with what was held and left. */
  letGo(held: ReturnType<typeof listHeld>): void;
}

/** Whoever waits for a schedule looks again after so long. */
const waitMs = 30_000;

/** So long nothing of ours runs at all. */
const darkMs = 25 * 60_000;

const denial = '/pilot deny Leave that as it is.';

const commands: Partial<Record<Act['kind'], string>> = {
  run: '/pilot run',
  run_text: '/pilot run Make it blue.',
  review: '/pilot run --workflow review',
  fix: '/pilot fix',
  plan: '/pilot plan',
  approve: '/pilot approve',
  approve_old: '/pilot approve 0123456789ab',
  stranger_approve: '/pilot approve',
  deny: denial,
  stranger_deny: denial,
  stop: '/pilot stop',
  stop_on_pull: '/pilot stop',
  merge: '/pilot merge',
  stop_in_thread: '/pilot stop',
  merge_in_thread: '/pilot merge',
  rebase: '/pilot rebase',
  resolve: '/pilot resolve all both',
  resolve_theirs: '/pilot resolve all theirs',
  status: '/pilot status',
  nonsense: '/pilot stpo now',
  pause: '/pilot pause',
  resume: '/pilot resume',
  retry: '/pilot retry failed',
  retry_task: '/pilot retry alpha',
  continue: '/pilot continue',
  skip: '/pilot skip beta It can wait.',
  finish: '/pilot finish',
  stranger_stop: '/pilot stop',
  stranger_vouch: '/pilot vouch',
  vouch: '/pilot vouch',
};

/** How whoever waits for people is let go on. */
const answers = { approval: '/pilot approve', override: denial, resume: '/pilot resume' } as const;

export function letPeopleAct(
  machine: Machine,
  hub: Hub,
  {
    history,
    fleet,
    post,
    book,
  }: {
    history: History;
    fleet: Pick<Fleet, 'killAll' | 'replaceAll'>;
    post: Pick<Post, 'killWeb' | 'sent'>;
    book: Book;
  },
): People {
  const issues = Array.from({ length: history.issues }, (_, index) => hub.openIssue(`Wish ${index + 1}`, 'Please.'));
  const idle = new Set(history.acts);
  let ahead = history.acts.length;

  const countChanges = () => hub.deeds.length + hub.leftAt.size + post.sent();
  const act = (what: Act) => {
    ahead -= 1;
    const issue = issues[what.issue % issues.length] ?? 1;
    machine.tell(`somebody: ${what.kind} on #${issue}`);
    const before = countChanges();
    if (what.kind === 'kill_workers') fleet.killAll();
    else if (what.kind === 'replace_workers') fleet.replaceAll();
    else if (what.kind === 'blackout') {
      post.killWeb();
      fleet.killAll(darkMs);
    } else {
      if (what.kind.endsWith('_fork') || what.kind === 'vouch_fork_old') performOnFork(hub, book, what.kind);
      else perform(hub, what, issue);
      if (countChanges() === before) return;
    }
    idle.delete(what);
  };

  /** Up to the next one that waits for a moment. */
  const placeFrom = (first: number) => {
    let delayMs = 0;
    for (let index = first; index < history.acts.length; index += 1) {
      const [what, next] = history.acts.slice(index);
      if (!what) return;
      delayMs += what.afterS * 1_000;
      machine.kernel.later(undefined, `somebody: ${what.kind}`, delayMs, () => {
        act(what);
        if (next?.once) machine.onMoment(next.once, () => placeFrom(index + 1));
      });
      if (next?.once) return;
    }
  };
  placeFrom(0);
  for (const [name, known] of book.timers) {
    const { timer } = known;
    if (timer.kind === 'once') continue;
    ahead += 1;
    const takeOut = () => {
      if (!isServed(book, name)) return machine.kernel.later(undefined, `somebody waits for ${name}`, waitMs, takeOut);
      ahead -= 1;
      known.takenOutAt = hub.now();
      machine.tell(`somebody takes ${name} out`);
      return push(hub, hub.defaultBranch, { path: settingsPath, text: renderSettings(history, book.timers) });
    };
    machine.kernel.later(undefined, `somebody takes ${name} out`, timer.untilS * 1_000, takeOut);
  }

  return {
    isBusy: () => ahead > 0,
    listIdle: () => [...idle],
    letGo(held) {
      for (const { issue, wants } of held)
        hub.addComment(issue, { author: wants === 'override' ? 'max' : 'maria', body: answers[wants] });
    },
  };
}

function findPull(hub: Hub, issue: number): HubPull | undefined {
  return [...hub.pulls.values()].findLast(({ branch }) => branch.startsWith(`gatepilot/${issue}/`));
}

/** Something that nobody said before. */
function renderTold(hub: Hub, kind: Act['kind']): string | undefined {
  if (!['tell', 'tell_task', 'stranger_tell'].includes(kind)) return undefined;
  const said = [...hub.threads.values()].flatMap(({ comments }) => comments).length;
  return `/pilot tell ${kind === 'tell_task' ? '--task alpha ' : ''}${renderWord(said)}`;
}

/** What was asked last, or nothing that anybody asked. Whoever answers late enough is too late. */
function renderAnswer(hub: Hub, kind: Act['kind'], issue: number): string | undefined {
  if (!['answer', 'answer_otherwise', 'stranger_answer'].includes(kind)) return undefined;
  const asked = hub.thread(issue).comments.flatMap(({ author, body }) => {
    const [, id] = /^<!-- gatepilot:question:(\S+) -->/.exec(body) ?? [];
    return author === 'gatepilot[bot]' && id !== undefined ? [id] : [];
  });
  return `/pilot answer ${asked.at(-1) ?? 'r1-q1'} ${kind === 'answer_otherwise' ? 'Make it red.' : 'Make it blue.'}`;
}

/** What is protected or let pass is for those who look after the repository. */
function toAuthor(kind: Act['kind']): string {
  if (kind === 'deny' || kind === 'override' || kind === 'dismiss') return 'max';
  return kind.startsWith('stranger') ? 'eve' : 'maria';
}

function perform(hub: Hub, { kind }: Act, issue: number): void {
  const pull = findPull(hub, issue);
  const body = commands[kind] ?? renderTold(hub, kind) ?? renderAnswer(hub, kind, issue);
  if (kind === 'stop_in_thread' || kind === 'merge_in_thread')
    return void (pull && hub.addLineComment(pull.number, { author: 'maria', body: body ?? '' }));
  if (body !== undefined) {
    const onPull = (kind === 'merge' || kind === 'stop_on_pull') && pull;
    hub.addComment(onPull ? pull.number : issue, { author: toAuthor(kind), body });
    return;
  }
  switch (kind) {
    case 'label':
      return hub.addLabel(issue, 'pilot:run', 'maria');
    case 'stranger_word':
      return void hub.addComment(issue, { author: 'eve', body: renderStrangerWord(hub.nextId()) });
    case 'stranger_edit': {
      const said = hub
        .thread(issue)
        .comments.findLast(({ author, body: text }) => author === 'eve' && !text.startsWith('/'));
      return said && hub.editComment(issue, said, renderStrangerWord(hub.nextId()));
    }
    case 'edit_issue':
      return hub.editIssue(issue, `Please, as of ${hub.now()}.`, 'maria');
    case 'push_base':
      return push(hub, hub.defaultBranch, { path: `docs/${hub.now()}.md`, text: `${hub.now()}` });
    case 'push_settings':
      return push(hub, hub.defaultBranch, {
        path: settingsPath,
        text: withCommand(
          hub.objects.get(hub.branches.get(hub.defaultBranch) ?? '').tree.get(settingsPath) ?? '',
          `check ${hub.now()}`,
        ),
      });
    // Just what the first task builds, and otherwise.
    case 'push_clash':
      return push(hub, hub.defaultBranch, { path: 'src/alpha/work.ts', text: `Theirs as of ${hub.now()}\n` });
    case 'open_queued':
      return openQueued(hub);
    case 'maintainer_leaves':
      return hub.leave('max');
    case 'close_issue':
      return hub.thread(issue).state === 'open' ? hub.closeIssue(issue, 'maria') : undefined;
    default:
      return pull && performOnPull(hub, kind, pull);
  }
}

/** Whoever sees a commit may open a pull request from it. */
function openQueued(hub: Hub): void {
  const { head } = hub.queue.list().at(-1) ?? hub.queue.made.at(-1) ?? {};
  const branch = `queued-${head?.slice(0, 8)}`;
  if (head === undefined || hub.branches.has(branch)) return;
  hub.branches.set(branch, head);
  hub.openPull({ branch, base: 'stable', title: 'The same', body: '', isOurs: false });
}

function performOnPull(hub: Hub, kind: Act['kind'], pull: HubPull): void {
  const { number, branch } = pull;
  switch (kind) {
    case 'recheck':
      return hub.pressButton(number, 'recheck', 'maria');
    case 'rerequest':
      return hub.rerequest(number, 'maria');
    case 'stop_button':
      return hub.pressButton(number, 'stop', 'maria');
    case 'push_forward':
      return pull.state === 'open' ? push(hub, branch, { path: 'hand.md', text: `${hub.now()}` }) : undefined;
    case 'push_force': {
      if (pull.state !== 'open') return;
      const base = hub.objects.get(hub.branches.get(hub.defaultBranch) ?? '');
      const tree = new Map([...base.tree, ['forced.md', `${hub.now()}`]]);
      return hub.push(branch, hub.objects.commit(tree, [base.id], 'Forced', hub.now()).id, 'maria');
    }
    case 'hold_ci':
    case 'let_ci_run':
      return hub.holdCi(number, kind === 'hold_ci');
    case 'draft_pull':
    case 'ready_pull':
      return hub.setDraft(number, kind === 'draft_pull', 'maria');
    case 'close_pull':
      return hub.closePull(number, 'maria');
    case 'reopen_pull':
      return hub.reopenPull(number, 'maria');
    case 'merge_by_hand':
      return void hub.mergePull(number, 'maria');
    case 'merge_if_allowed': {
      const allowed = [...hub.pulls.values()].find((one) => one.branch === branch && mayBeMerged(hub, one));
      return allowed && void hub.mergePull(allowed.number, 'maria');
    }
    case 'merge_when_ready':
      return mayBeMerged(hub, pull) ? hub.queue.enqueue(number, 'maria') : undefined;
    case 'queue_at_once':
      return hub.queue.enqueue(number, 'max');
    case 'recheck_queue':
      return hub.queue.rerequest(number, 'maria');
    case 'stranger_recheck_queue':
      return hub.queue.rerequest(number, 'eve');
    case 'open_twin': {
      const isThere = [...hub.pulls.values()].some((one) => one.branch === branch && one.base === 'stable');
      if (isThere || pull.state !== 'open') return;
      return void hub.openPull({ branch, base: 'stable', title: 'The same', body: '', isOurs: false });
    }
    case 'override':
    case 'writer_override':
    case 'stranger_override':
      return override(hub, pull, { by: toAuthor(kind) });
    case 'override_review':
      return override(hub, pull, { by: 'max', gate: 'review' });
    case 'override_old':
      return override(hub, pull, { by: 'max', head: hub.objects.get(hub.headOf(pull)).parents[0] ?? '' });
    case 'dismiss':
    case 'writer_dismiss':
    case 'stranger_dismiss': {
      const told = hub.thread(number).comments.map(({ body }) => body);
      const [name] = told.join('\n').match(/\bF-\d+(?![\s\S]*\bF-\d)/) ?? [];
      const body = `/pilot dismiss ${name} It is meant so.`;
      return void (name !== undefined && hub.addComment(number, { author: toAuthor(kind), body }));
    }
    case 'retarget':
      return pull.state === 'open' ? hub.retarget(number, 'stable', 'maria') : undefined;
    default:
      return;
  }
}

function override(
  hub: Hub,
  pull: HubPull,
  { by, gate = 'verification', head = hub.headOf(pull) }: { by: string; gate?: string; head?: string },
): void {
  hub.addComment(pull.number, { author: by, body: `/pilot override ${gate} ${head} It is meant so.` });
}

/** Whoever has a fork may call its branch what he likes. */
const forkBranch = toForkBranch('eve', 'gatepilot/1/r1');

function performOnFork(hub: Hub, book: Book, kind: Act['kind']): void {
  const fork = [...hub.pulls.values()].findLast(({ branch, state }) => isOfFork(branch) && state === 'open');
  const work = () => ({ path: forkPath, text: renderForkWork(hub.nextId()) });
  if (kind === 'open_fork') {
    if (fork) return;
    hub.branches.set(forkBranch, hub.branches.get(hub.defaultBranch) ?? '');
    hub.branches.set(forkBranch, commitOn(hub, forkBranch, work()));
    hub.openPull({ branch: forkBranch, base: hub.defaultBranch, title: 'Of eve', body: '', isOurs: false, by: 'eve' });
    return;
  }
  if (!fork) return;
  const { number } = fork;
  const head = hub.headOf(fork);
  switch (kind) {
    case 'push_fork':
      return hub.push(forkBranch, commitOn(hub, forkBranch, work()), 'eve');
    case 'queue_fork':
      return hub.queue.enqueue(number, 'max');
    case 'review_fork':
      return void hub.addComment(number, { author: 'maria', body: '/pilot review' });
    case 'stranger_vouch_fork':
      return void hub.addComment(number, { author: 'eve', body: `/pilot vouch ${head}` });
    case 'label_fork':
      if (hub.thread(number).labels.has('pilot:ok-to-run')) return;
      book.vouchedHeads.add(head);
      return hub.addLabel(number, 'pilot:ok-to-run', 'maria');
    default: {
      const named = kind === 'vouch_fork_old' ? (hub.objects.get(head).parents[0] ?? head) : head;
      book.vouchedHeads.add(named);
      return void hub.addComment(number, { author: 'maria', body: `/pilot vouch ${named}` });
    }
  }
}

function push(hub: Hub, branch: string, { path, text }: { path: string; text: string }): void {
  hub.push(branch, commitOn(hub, branch, { path, text }), 'maria');
}

function commitOn(hub: Hub, branch: string, { path, text }: { path: string; text: string }): string {
  const head = hub.objects.get(hub.branches.get(branch) ?? '');
  const tree = new Map([...head.tree, [path, text]]);
  return hub.objects.commit(tree, [head.id], 'By hand', hub.now()).id;
}
