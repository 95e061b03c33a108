// The GitHub port. Every method may throw ExternalError{system:'github'}; what a person or a race can cause is a value.
import type { Permission } from '../../core/model/actor.ts';
import type { BranchRules } from '../../core/model/branch-rules.ts';
import type { CommentName } from '../../core/model/comment-place.ts';
import type { HeldCi } from '../../core/model/held-ci.ts';
import type { Repository } from '../../core/model/subject.ts';
import type { GitToken } from './git.ts';

export interface ThreadComment {
  readonly id: number;
  readonly author: string;
  readonly isOurs: boolean;
  readonly isBot: boolean;
  readonly body: string;
  readonly createdAt: number;
  /** When what it says was last changed, or later; to the second (epoch ms). */
  readonly editedAt: number;
}

/** When things happened to a thread, by GitHub's clock, to the second (epoch ms). */
export interface ThreadEdits {
  /** When its title or text was last changed, else when it was opened. */
  readonly editedAt: number;
  /** Of the newest labels that were put on, oldest first. */
  readonly labelled: readonly { readonly label: string; readonly by: string; readonly at: number }[];
}

export interface Thread {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  /** We opened it. */
  readonly isOurs: boolean;
  readonly state: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly comments: readonly ThreadComment[];
}

export interface PullFacts {
  readonly number: number;
  readonly state: 'open' | 'closed' | 'merged';
  readonly isDraft: boolean;
  /** By which GraphQL names it. */
  readonly nodeId: string;
  readonly headSha: string;
  readonly headBranch: string;
  readonly isSameRepository: boolean;
  readonly isOurs: boolean;
  /** Whoever opened it; absent where that account is gone. */
  readonly authorId?: number;
  readonly baseBranch: string;
  readonly mergeSha: string | undefined;
  readonly title: string;
  readonly body: string;
}

/** As it stands in a list of all: what it says may be long. */
export type ListedPull = Omit<PullFacts, 'body'>;

/** A review of a pull request, with what it says beside lines. */
export interface ReviewFacts {
  readonly id: number;
  readonly body: string;
  readonly isOurs: boolean;
}

/** What was said beside a line, in a review or in answer. */
export interface RemarkFacts extends ReviewFacts {
  /** None of one whose review is gone. */
  readonly reviewId: number | undefined;
  /** None whose account is gone. */
  readonly author?: string | undefined;
  readonly path?: string | undefined;
  /** None of one whose line is not in the newest change. */
  readonly line?: number | undefined;
  /** The remark that its thread began with, where it is not that. */
  readonly answers?: number | undefined;
}

/** A check of another program that failed, as it tells that itself. */
export interface FailedCheck {
  readonly app: string;
  readonly name: string;
  readonly conclusion: string;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  /** The first of them, of the first checks. */
  readonly annotations: readonly Annotation[];
}

/** What was said beside a line of a pull request, with the answers to it. */
export interface ReviewThread {
  /** GitHub's, opaque. */
  readonly id: string;
  /** Of the remark that it began with. */
  readonly commentId: number;
  /** Something stands below that. */
  readonly isAnswered: boolean;
  readonly isResolved: boolean;
  /** Our app resolved it, and no person. */
  readonly isResolvedByUs: boolean;
}

/** A remark beside a line of the new side of what the pull request changes; GitHub takes no other line. */
export interface LineRemark {
  readonly path: string;
  readonly line: number;
  readonly body: string;
}

export interface ReviewView {
  readonly headSha: string;
  readonly body: string;
  readonly remarks: readonly LineRemark[];
}

export type MergeAnswer =
  | { readonly kind: 'merged'; readonly sha: string }
  /** 409: the head is not the one that was asked for. */
  | { readonly kind: 'head_moved' }
  /** 405 or 422: GitHub will not merge it as it stands, with its own reason. */
  | { readonly kind: 'refused'; readonly why: string };

/** Shown beside one line of a file. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export interface CheckView {
  readonly name: string;
  readonly headSha: string;
  readonly externalId: string;
  readonly state:
    | { readonly kind: 'queued' }
    | { readonly kind: 'in_progress' }
    | {
        readonly kind: 'completed';
        readonly conclusion: 'success' | 'failure' | 'action_required' | 'timed_out' | 'cancelled';
      };
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
  /** At most 50. GitHub adds those of an update to what is there: given where none are yet. */
  readonly annotations?: readonly Annotation[];
  readonly actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[];
}

export interface CheckFacts extends CheckView {
  readonly id: number;
  /** How many annotations it has; what they say is not read. */
  readonly annotationCount: number;
}

export interface FolderEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** A comment that can be reacted to: in the conversation, or beside a line. */
export interface ReactableName extends CommentName {
  readonly place?: 'line' | undefined;
}

export type ReactionContent = '+1' | 'confused' | 'eyes' | 'rocket';

/** What stands at a path of a commit. A link is never followed, also where a folder above it is one. */
export type PathEntry =
  | { readonly kind: 'file'; readonly text: string; readonly isExecutable: boolean }
  | { readonly kind: 'absent' }
  /** A link, a folder, a submodule, or a file that is no text or over 1 MB. */
  | { readonly kind: 'other'; readonly what: string };

/** One more commit, which no branch has yet. */
export interface TextCommit {
  /** The whole tree is this commit's, but for the file. */
  readonly parent: string;
  readonly message: string;
  readonly path: string;
  readonly isExecutable: boolean;
  /** What stands there already and stays, and what comes after it. */
  readonly kept: string;
  readonly added: string;
}

/** What only reads, and what git needs. */
export interface GitHubReader {
  /** How our App is called in mentions and, with a suffix, as an author. Asked once, and remembered. */
  readSlug(): Promise<string>;
  readPermission(repository: Repository, login: string): Promise<Permission>;
  readRepository(repository: Repository): Promise<{
    readonly defaultBranch: string;
    readonly owner: string;
    readonly name: string;
    readonly isFork: boolean;
  }>;
  /**
   * Another repository of the same owner that the installation covers; undefined where there is none, or the App is not
   * installed on it. What was found is remembered for a minute.
   */
  findSibling(repository: Repository, name: string): Promise<Repository | undefined>;
  /** Head of a branch; undefined when there is none (also: an empty repository). */
  readBranch(repository: Repository, branch: string): Promise<string | undefined>;
  /** Branches whose name begins like this, with their heads. */
  listBranches(
    repository: Repository,
    prefix: string,
  ): Promise<readonly { readonly name: string; readonly head: string }[]>;
  /** Undefined where the server is of a version that knows no rulesets. */
  readBranchRules(repository: Repository, branch: string): Promise<BranchRules | undefined>;
  /** A file's text at a ref; undefined when there is no such file. Over 1 MB counts as absent. */
  readFile(repository: Repository, path: string, ref: string): Promise<string | undefined>;
  readEntry(repository: Repository, path: string, commit: string): Promise<PathEntry>;
  /** What is in a folder at a ref, by path from the root; undefined when there is no such folder. */
  /** Commits that changed a file, from this one back, the newest first and at most `limit`. */
  listChanges(
    repository: Repository,
    path: string,
    of: { readonly from: string; readonly limit: number },
  ): Promise<readonly string[]>;
  listFolder(repository: Repository, path: string, ref: string): Promise<readonly FolderEntry[] | undefined>;
  readThread(repository: Repository, number: number): Promise<Thread>;
  /** To be read after the text that it is about: an edit in between then counts as one. */
  readEdits(repository: Repository, number: number): Promise<ThreadEdits>;
  readPull(repository: Repository, number: number): Promise<PullFacts>;
  /** What the pull request changes; of a rename both names. */
  listPullPaths(repository: Repository, number: number): Promise<readonly string[]>;
  /** The open or newest pull request of ours from this branch. */
  findPull(repository: Repository, branch: string): Promise<PullFacts | undefined>;
  /** What others check of this commit and what waits for somebody to let it run; nothing where the App may not read that. */
  listHeldCi(repository: Repository, headSha: string): Promise<HeldCi>;
  /** All of them, also those of forks. */
  listOpenPulls(repository: Repository): Promise<readonly ListedPull[]>;
  /** Open pull requests with exactly this head, also those of forks. */
  listPullsOfHead(repository: Repository, headSha: string): Promise<readonly PullFacts[]>;
  /** Submitted reviews of a pull request, oldest first. */
  listReviews(repository: Repository, number: number): Promise<readonly ReviewFacts[]>;
  /** Remarks beside lines of a pull request, oldest first. */
  listReviewComments(repository: Repository, number: number): Promise<readonly RemarkFacts[]>;
  /** Oldest first. */
  listReviewThreads(repository: Repository, number: number): Promise<readonly ReviewThread[]>;
  readTree(repository: Repository, commit: string): Promise<string>;
  /** Oldest first; with `since` (epoch ms) only those that were written or edited after it. */
  listComments(repository: Repository, number: number, since?: number): Promise<readonly ThreadComment[]>;
  readComment(repository: Repository, commentId: number): Promise<ThreadComment | undefined>;
  /** Check runs of our app on a commit. */
  listChecks(repository: Repository, headSha: string): Promise<readonly CheckFacts[]>;
  /** Newest check runs of other Apps on a commit that failed, and newest commit statuses that did. */
  listFailedChecks(repository: Repository, headSha: string): Promise<readonly FailedCheck[]>;
  readCheck(repository: Repository, id: number): Promise<CheckFacts | undefined>;
  listLabels(repository: Repository, number: number): Promise<readonly string[]>;
  /** Our reactions on a comment; a review can have none. */
  listReactions(
    repository: Repository,
    comment: ReactableName,
  ): Promise<readonly { readonly id: number; readonly content: string }[]>;
  /** A token for git, narrowed to this repository and to reading or writing its contents. */
  createGitToken(repository: Repository, access: 'read' | 'write'): Promise<GitToken>;
  /** Where git finds the repository: no credentials in it. */
  toGitUrl(repository: Repository): string;
}

/** What people see afterwards. None of these is repeated by the adapter: whoever writes looks first. */
export interface GitHubWriter {
  createCommit(repository: Repository, commit: TextCommit): Promise<string>;
  /**
   * Puts a branch onto a commit that continues where it was, or makes it there where it was not. False where it is
   * somewhere else by now: then nothing has changed.
   */
  moveBranch(
    repository: Repository,
    move: { readonly branch: string; readonly from: string | undefined; readonly to: string },
  ): Promise<boolean>;
  /** `isDraft` says whether it is one: where GitHub takes no drafts it is none, whatever was asked for. */
  createPull(
    repository: Repository,
    pull: { head: string; base: string; title: string; body: string; draft?: boolean },
  ): Promise<{ readonly number: number; readonly isDraft: boolean }>;
  /** Of a draft; one that is none stays as it is. `nodeId` as it was read. */
  markReady(repository: Repository, nodeId: string): Promise<void>;
  updatePull(repository: Repository, number: number, change: { title?: string; body?: string }): Promise<void>;
  merge(
    repository: Repository,
    number: number,
    /** Past `timeoutMs` nobody waits for the answer any more; the merge may still happen. */
    options: {
      sha: string;
      method: 'merge' | 'squash' | 'rebase';
      title: string;
      message: string;
      timeoutMs: number;
    },
  ): Promise<MergeAnswer>;
  /** Asks for nothing and approves nothing: it only remarks. */
  createReview(repository: Repository, number: number, review: ReviewView): Promise<number>;
  updateReviewComment(repository: Repository, commentId: number, body: string): Promise<void>;
  resolveReviewThread(repository: Repository, threadId: string): Promise<void>;
  unresolveReviewThread(repository: Repository, threadId: string): Promise<void>;
  createComment(repository: Repository, number: number, body: string): Promise<number>;
  updateComment(repository: Repository, commentId: number, body: string): Promise<void>;
  deleteComment(repository: Repository, commentId: number): Promise<void>;
  createCheck(repository: Repository, check: CheckView): Promise<number>;
  updateCheck(repository: Repository, id: number, check: CheckView): Promise<void>;
  addLabel(repository: Repository, number: number, label: string): Promise<void>;
  removeLabel(repository: Repository, number: number, label: string): Promise<void>;
  addReaction(repository: Repository, comment: ReactableName, content: ReactionContent): Promise<void>;
  removeReaction(repository: Repository, comment: ReactableName, reactionId: number): Promise<void>;
}

export interface GitHubPort extends GitHubReader, GitHubWriter {}
