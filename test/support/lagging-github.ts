// GitHub as a publisher meets it on a bad day: lists lag behind writes, answers are lost, and a request of a process
// that died may still take effect. In memory, on a clock that the test moves.
import { ExternalError } from '../../src/engine/external-error.ts';
import type { CheckFacts, CheckView, GitHubPort, ReactableName, ThreadComment } from '../../src/engine/port/github.ts';

export type Fault =
  | 'none'
  /** Refused before the effect. */
  | 'refused'
  /** The effect happens, and its answer is lost. */
  | 'lost'
  | 'limited'
  | 'dies_before'
  | 'dies_after'
  /** The process dies, and what it asked for happens some seconds later. */
  | 'dies_late';

/** Thrown where the publisher's process ends. */
export class Died extends Error {
  override readonly name = 'Died';
}

export interface StoredComment extends ThreadComment {
  readonly thread: number;
}

export interface StoredReaction {
  readonly id: number;
  readonly commentId: number;
  readonly place?: 'line' | undefined;
  readonly content: string;
  readonly createdAt: number;
}

/** A remark beside a line, which is a thread. */
interface StoredRemark {
  readonly id: number;
  readonly reviewId: number;
  readonly isOurs: boolean;
  readonly createdAt: number;
  body: string;
  isAnswered: boolean;
  isResolved: boolean;
  isResolvedByUs: boolean;
}

const limitMs = 20_000;
const lateMs = 8_000;

export class LaggingGitHub {
  comments: StoredComment[] = [];
  checks: (CheckFacts & { createdAt: number })[] = [];
  reactions: StoredReaction[] = [];
  labels = new Map<number, Set<string>>();
  pullBody = '';
  reviews: { readonly id: number; readonly body: string; readonly createdAt: number }[] = [];
  remarks: StoredRemark[] = [];
  /** How often a thread was resolved, also one that was so before. */
  resolutions = 0;
  /** GitHub lets our App resolve none. */
  refusesThreads = false;
  /** What was made although there was one already, also where the younger one was taken away again. */
  readonly twins: string[] = [];
  lagMs = 0;
  writes = 0;
  /** One for each call from now on; then none. */
  faults: Fault[] = [];
  private readonly late: { readonly at: number; readonly effect: () => void }[] = [];
  private lastId = 0;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  addComment(comment: { thread: number; body: string; isOurs: boolean }): number {
    const id = this.nextId();
    const author = comment.isOurs ? 'gatepilot[bot]' : 'mona';
    const [marker] = comment.body.split('\n');
    if (
      comment.isOurs &&
      this.comments.some((one) => one.isOurs && one.thread === comment.thread && one.body.split('\n')[0] === marker)
    )
      this.twins.push(`comment ${comment.thread} ${marker}`);
    this.comments.push({ ...comment, id, author, isBot: comment.isOurs, createdAt: this.now(), editedAt: this.now() });
    return id;
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  private isListed({ createdAt }: { readonly createdAt: number }): boolean {
    return createdAt <= this.now() - this.lagMs;
  }

  private async call<T>(effect: () => T, isWrite: boolean): Promise<T> {
    for (const due of this.late.filter(({ at }) => at <= this.now())) {
      this.late.splice(this.late.indexOf(due), 1);
      due.effect();
    }
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'refused' || (fault === 'lost' && !isWrite)) throw failure('soon');
    if (fault === 'limited') throw failure({ at: this.now() + limitMs });
    if (fault === 'dies_before' || (fault !== 'none' && fault !== 'lost' && !isWrite)) throw new Died();
    if (fault === 'dies_late') {
      this.late.push({ at: this.now() + lateMs, effect });
      throw new Died();
    }
    if (isWrite) this.writes += 1;
    const answer = effect();
    if (fault === 'lost') throw failure('soon');
    if (fault === 'dies_after') throw new Died();
    return answer;
  }

  private readonly read = <T>(effect: () => T): Promise<T> => this.call(effect, false);
  private readonly write = <T>(effect: () => T): Promise<T> => this.call(effect, true);

  /** What a publisher uses; the rest of the port is not there. */
  toPort(): GitHubPort {
    const port: Partial<GitHubPort> = {
      listComments: (_repository, thread) =>
        this.read(() => this.comments.filter((one) => one.thread === thread && this.isListed(one))),
      createComment: (_repository, thread, body) => this.write(() => this.addComment({ thread, body, isOurs: true })),
      updateComment: (_repository, id, body) =>
        this.write(() => {
          this.comments = this.comments.map((one) => (one.id === id ? { ...one, body } : one));
        }),
      deleteComment: (_repository, id) =>
        this.write(() => {
          this.comments = this.comments.filter((one) => one.id !== id);
        }),
      listChecks: (_repository, headSha) =>
        this.read(() => this.checks.filter((one) => one.headSha === headSha && this.isListed(one))),
      createCheck: (_repository, check) => this.write(() => this.addCheck(check)),
      updateCheck: (_repository, id, check) =>
        this.write(() => {
          // GitHub adds the annotations of an update to those that are there.
          const added = check.annotations?.length ?? 0;
          this.checks = this.checks.map((one) =>
            one.id === id ? { ...one, ...check, annotationCount: one.annotationCount + added } : one,
          );
        }),
      readComment: (_repository, id) => this.read(() => this.comments.find((one) => one.id === id)),
      readCheck: (_repository, id) => this.read(() => this.checks.find((one) => one.id === id)),
      listReactions: (_repository, comment) =>
        this.read(() => this.reactions.filter((one) => isOn(one, comment) && this.isListed(one))),
      addReaction: (_repository, comment, content) => this.write(() => this.addReaction(comment, content)),
      removeReaction: (_repository, _comment, id) =>
        this.write(() => {
          this.reactions = this.reactions.filter((one) => one.id !== id);
        }),
      listLabels: (_repository, thread) => this.read(() => [...(this.labels.get(thread) ?? [])]),
      addLabel: (_repository, thread, label) =>
        this.write(() => void this.labels.set(thread, (this.labels.get(thread) ?? new Set()).add(label))),
      removeLabel: (_repository, thread, label) => this.write(() => void this.labels.get(thread)?.delete(label)),
      listReviews: () =>
        this.read(() => this.reviews.filter((one) => this.isListed(one)).map((one) => ({ ...one, isOurs: true }))),
      createReview: (_repository, _number, { body, remarks }) =>
        this.write(() => {
          const id = this.nextId();
          this.reviews.push({ id, body, createdAt: this.now() });
          for (const remark of remarks) this.addRemark(remark.body, { isOurs: true, reviewId: id });
          return id;
        }),
      listReviewComments: () =>
        this.read(() => this.remarks.filter((one) => this.isListed(one)).map((one) => ({ ...one }))),
      updateReviewComment: (_repository, id, body) =>
        this.write(() => {
          for (const remark of this.remarks) if (remark.id === id) remark.body = body;
        }),
      listReviewThreads: () =>
        this.read(() => this.remarks.map(({ id, ...thread }) => ({ ...thread, id: `T${id}`, commentId: id }))),
      resolveReviewThread: (_repository, threadId) => this.write(() => this.setResolved(threadId, true)),
      unresolveReviewThread: (_repository, threadId) => this.write(() => this.setResolved(threadId, false)),
      listPullPaths: async () => [],
      listOpenPulls: async () => [],
      listPullsOfHead: async () => [],
      listFailedChecks: async () => [],
      listHeldCi: async () => ({ apps: [], runs: 0 }),
      readBranchRules: async () => undefined,
      readPull: async (_repository, number) => {
        const { pullBody } = await this.read(() => ({ pullBody: this.pullBody }));
        const facts = {
          state: 'open',
          isDraft: false,
          nodeId: 'PR_1',
          isSameRepository: true,
          isOurs: true,
          mergeSha: undefined,
        } as const;
        const names = { headSha: '', headBranch: '', baseBranch: 'main', title: '' };
        return { number, body: pullBody, ...facts, ...names };
      },
      updatePull: (_repository, _number, { body = '' }) =>
        this.write(() => {
          this.pullBody = body;
        }),
    };
    return port as GitHubPort;
  }

  addRemark(body: string, { isOurs, reviewId = this.nextId() }: { isOurs: boolean; reviewId?: number }): void {
    const untouched = { isAnswered: false, isResolved: false, isResolvedByUs: false };
    this.remarks.push({ id: this.nextId(), reviewId, isOurs, body, createdAt: this.now(), ...untouched });
  }

  private setResolved(threadId: string, isResolved: boolean): void {
    if (this.refusesThreads) throw failure('never');
    const thread = this.remarks.find(({ id }) => `T${id}` === threadId);
    if (thread) Object.assign(thread, { isResolved, isResolvedByUs: isResolved });
    if (isResolved) this.resolutions += 1;
  }

  private addCheck(check: CheckView): number {
    const id = this.nextId();
    if (this.checks.some(({ name, headSha }) => name === check.name && headSha === check.headSha))
      this.twins.push(`check ${check.name} ${check.headSha}`);
    this.checks.push({ ...check, id, annotationCount: check.annotations?.length ?? 0, createdAt: this.now() });
    return id;
  }

  private addReaction(comment: ReactableName, content: string): void {
    if (this.reactions.some((one) => isOn(one, comment) && one.content === content)) return;
    this.reactions.push({ id: this.nextId(), ...comment, content, createdAt: this.now() });
  }
}

function isOn({ commentId, place }: StoredReaction, comment: ReactableName): boolean {
  return commentId === comment.commentId && place === comment.place;
}

function failure(retry: ExternalError['retry']): ExternalError {
  return new ExternalError({ system: 'github', message: 'write: GitHub answered otherwise', retry });
}
