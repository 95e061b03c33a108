// Reads a thread of the local GitHub as a person would: what was asked, what the bot answered, what it says of its runs.
import type {
  CheckSnapshot,
  CommentSnapshot,
  IssueSnapshot,
  PullSnapshot,
  RepositorySnapshot,
} from '../../github/state/snapshot.ts';

export type ThreadSnapshot = IssueSnapshot | PullSnapshot;

export const runLabel = 'pilot:run';
export const gateName = 'gatepilot/gate';

export function isPull(thread: ThreadSnapshot): thread is PullSnapshot {
  return 'headRef' in thread;
}

export interface Command {
  readonly comment: CommentSnapshot;
  /** The word after the slash command: `run`, `stop`, … */
  readonly verb: string;
}

/** Commands of people who may write here. */
export function listCommands(repository: RepositorySnapshot, thread: ThreadSnapshot): Command[] {
  return thread.comments.flatMap((comment) => {
    const [, verb] = /^\/pilot (\w+)/.exec(comment.body) ?? [];
    return verb !== undefined && isWriter(repository, comment.author) ? [{ comment, verb }] : [];
  });
}

/** How often somebody who may write here put the label on that starts a run. */
export function countRunLabels(repository: RepositorySnapshot, { events }: ThreadSnapshot): number {
  return events.filter(
    ({ kind, label, actor }) => kind === 'labeled' && label === runLabel && isWriter(repository, actor),
  ).length;
}

export function isWriter({ roles }: RepositorySnapshot, login: string): boolean {
  return ['write', 'maintain', 'admin'].includes(roles[login.toLowerCase()] ?? 'none');
}

export interface Told {
  readonly comment: CommentSnapshot;
  readonly kind: 'sticky' | 'reply';
  /** The run, or what is replied to. */
  readonly id: string;
}

/** The bot's own comments, by their marker. */
export function listTold(thread: ThreadSnapshot, bot: string): Told[] {
  return thread.comments.flatMap((comment) => {
    const [, kind, id] = /^<!-- gatepilot:(sticky|reply):(\S+) -->/.exec(comment.body) ?? [];
    if (comment.author !== bot || id === undefined) return [];
    return [{ comment, kind: kind === 'sticky' ? 'sticky' : 'reply', id }];
  });
}

/** What a sticky comment says first of its run. */
export function readHeadline({ body }: CommentSnapshot): string {
  return body.split('\n').find((line) => line.startsWith('**')) ?? '';
}

const atRest = /^\*\*(?:Ready to merge|Not mergeable yet|Merged|Stopped|Failed|Superseded|Closed)\b/;

export function isAtRest(headline: string): boolean {
  return atRest.test(headline);
}

export function listReactions({ reactions }: CommentSnapshot, bot: string): string[] {
  return reactions.filter(({ user }) => user === bot).map(({ content }) => content);
}

export function isOurGate({ name, app }: CheckSnapshot, bot: string): boolean {
  return name === gateName && `${app}[bot]` === bot;
}

export function listThreads({ issues, pulls }: RepositorySnapshot): ThreadSnapshot[] {
  return [...issues, ...pulls];
}
