// The git port. Host-side git never runs in a tree whose .git an agent could write: results leave a workspace as
// content (packed by git in a sandbox), are checked, and become one commit made by the host.
//
// Commits are always named by their full SHA; anything else in their place is a bug and throws a plain error. When the
// remote, the disk or git itself fails, an ExternalError says whether trying again makes sense.
import type { Sandbox } from './sandbox.ts';

/** A repository on a Git host. `key` is unique per host and numeric id; `url` carries no credentials. */
export interface RepositoryRef {
  readonly key: string;
  readonly url: string;
}

/** Credentials for one call, given to git by header and never written to disk. */
export interface GitToken {
  readonly username: string;
  readonly password: string;
  /** Where the repository is at this moment, if the host said so: what is known of its names may be older. */
  readonly url?: string;
}

export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface ChangedPath {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'type_changed';
  /** For a rename: where the content was. */
  readonly from?: string;
  /** What it holds by now is not in the patch, however long that is: bytes that are no text, or a commit of another repository. */
  readonly isUnshown?: boolean;
}

export interface DiffStat {
  readonly files: number;
  readonly additions: number;
  readonly deletions: number;
}

/** What differs between two commits. Renames are found by content. */
export interface TreeDiff {
  readonly changed: readonly ChangedPath[];
  readonly stat: DiffStat;
  /** For people and models, without the content of binary files, at most 1 MiB. */
  readonly patch: string;
  readonly patchIsCut: boolean;
}

/** Why a workspace's content cannot become a commit. */
export type CaptureRefusal =
  /** The changed files, as they are on disk; `path` is the largest of them. */
  | { readonly kind: 'too_large'; readonly bytes: number; readonly maxBytes: number; readonly path?: string }
  | { readonly kind: 'too_many_paths'; readonly maxPaths: number }
  | { readonly kind: 'unsafe_path'; readonly path: string; readonly why: string }
  /** Git could not read the workspace, or what came out of it is not sound. */
  | { readonly kind: 'corrupt'; readonly why: string };

export type CaptureResult =
  | ({ readonly kind: 'captured'; readonly commit: string; readonly tree: string } & TreeDiff)
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly refusal: CaptureRefusal };

export type MergeResult =
  | { readonly kind: 'merged'; readonly commit: string; readonly tree: string }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

export type PushResult =
  | { readonly kind: 'pushed' }
  /** The remote ref is not where it was expected; nothing was changed. */
  | { readonly kind: 'moved'; readonly actual: string | undefined }
  | { readonly kind: 'rejected'; readonly why: string };

export interface GitPort {
  /**
   * Brings the mirror up to date and returns the commit that `ref` (a branch, `refs/…` or a SHA) names there. In the
   * mirror the remote's branches are `refs/heads/…` and are pruned with the remote's.
   */
  fetch(repository: RepositoryRef, token: GitToken, ref: string): Promise<string | undefined>;
  /**
   * An isolated copy of one commit in `folder`, on a branch `work`, with its last 50 ancestors and nothing else of the
   * mirror. The folder is made; one that exists must be empty.
   */
  checkout(repository: RepositoryRef, commit: string, folder: string): Promise<void>;
  /**
   * Turns what an agent left in its workspace into one commit of ours on `base`: all files that differ, tracked or
   * not, whatever the agent did to its `.git`. What the ignore files of base or workspace name is left out, unless base
   * tracks it. All processes of the attempt must be dead. `openSandbox` gives a fresh sandbox without network over the
   * workspace (read-only is enough), which is disposed of here. The host never opens the workspace itself.
   *
   * The sandbox's `outputBytes` must exceed `maxBytes` by 32 MiB or more, and its /tmp must hold twice `maxBytes`.
   */
  capture(options: {
    readonly repository: RepositoryRef;
    readonly base: string;
    readonly message: string;
    readonly author: Author;
    /** For the changed files together, as they are on disk. */
    readonly maxBytes: number;
    readonly openSandbox: () => Promise<Sandbox>;
  }): Promise<CaptureResult>;
  /** Three-way merge of `theirs` into `ours` in the bare mirror; a commit of ours, no ref moved. */
  merge(options: {
    repository: RepositoryRef;
    ours: string;
    theirs: string;
    message: string;
    author: Author;
  }): Promise<MergeResult>;
  /**
   * The same merge where it conflicts, as a commit on `ours` alone whose files in conflict hold git's marks between both
   * sides; for somebody to settle. `paths` may also name files that cannot hold marks.
   */
  markConflict(options: {
    repository: RepositoryRef;
    ours: string;
    theirs: string;
    author: Author;
  }): Promise<
    Extract<MergeResult, { kind: 'merged' }> | { kind: 'conflict'; commit: string; paths: readonly string[] }
  >;
  /** A commit of ours that holds what `from` holds, but these files as another commit has them, or not at all. */
  commitAnew(options: {
    repository: RepositoryRef;
    from: string;
    reset: { readonly paths: readonly string[]; readonly to: string };
    parents: readonly string[];
    message: string;
    author: Author;
  }): Promise<{ commit: string; tree: string }>;
  /** A commit of ours that holds what `from` holds, but with this content in these files, which are there. */
  commitFiles(options: {
    repository: RepositoryRef;
    from: string;
    files: readonly { readonly path: string; readonly content: Uint8Array }[];
    parents: readonly string[];
    message: string;
    author: Author;
  }): Promise<{ commit: string; tree: string }>;
  /**
   * Compare-and-swap of a ref below `refs/gatepilot/` in the mirror, the only ones that are ours; `from` undefined means
   * it must not exist, `to` undefined deletes it. False when it was elsewhere. A commit without a ref that reaches it
   * is kept for two weeks only.
   */
  updateRef(repository: RepositoryRef, ref: string, to: string | undefined, from: string | undefined): Promise<boolean>;
  /** Any full ref of the mirror. */
  readRef(repository: RepositoryRef, ref: string): Promise<string | undefined>;
  /** Our own refs in the mirror below a folder of `refs/gatepilot/`, with what each holds. */
  listRefs(
    repository: RepositoryRef,
    folder: string,
  ): Promise<readonly { readonly name: string; readonly commit: string }[]>;
  /** Moves a branch of the remote, forwards or not, if it is at `expected`; undefined means it must not exist. */
  push(options: {
    repository: RepositoryRef;
    token: GitToken;
    commit: string;
    branch: string;
    expected: string | undefined;
  }): Promise<PushResult>;
  diff(repository: RepositoryRef, base: string, head: string): Promise<TreeDiff>;
  treeOf(repository: RepositoryRef, commit: string): Promise<string | undefined>;
  /** True also when both are the same. */
  isAncestor(repository: RepositoryRef, ancestor: string, descendant: string): Promise<boolean>;
  /** The newest commit that both stand on; undefined where they have none in common. */
  mergeBase(repository: RepositoryRef, one: string, other: string): Promise<string | undefined>;
  /** Undefined when there is no regular file (a link is none). Throws when it is over `maxBytes`: half a file is never given. */
  readFile(repository: RepositoryRef, commit: string, path: string, maxBytes: number): Promise<string | undefined>;
  /** The same as it is, for what is no UTF-8 as well; over `maxBytes` nothing of it is read. */
  readBytes(
    repository: RepositoryRef,
    commit: string,
    path: string,
    maxBytes: number,
  ): Promise<Uint8Array | 'too_large' | undefined>;
  /** Which of these paths are files there, each with a name that is the same for the same content only. */
  identifyFiles(
    repository: RepositoryRef,
    commit: string,
    paths: readonly string[],
  ): Promise<readonly { readonly path: string; readonly id: string }[]>;
  /** The first `maxPaths` paths in git's order, of one folder where it is named, and how many there are. */
  listFiles(
    repository: RepositoryRef,
    commit: string,
    maxPaths: number,
    folder?: string,
  ): Promise<{ paths: readonly string[]; total: number }>;
  /** One file that holds a commit with everything since `base`, for other hosts and for crashes. */
  exportBundle(repository: RepositoryRef, base: string, commit: string): Promise<Uint8Array>;
  /** Takes a bundle made by `exportBundle` into the mirror; throws when its objects do not pass fsck. */
  importBundle(repository: RepositoryRef, bundle: Uint8Array, commit: string): Promise<void>;
  /** Drops all that this host holds of the repository with this key. */
  removeMirror(key: string): Promise<void>;
}
