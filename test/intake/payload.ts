// Payloads as GitHub sends them, reduced to what a reader may know of them, with every field that matters in reach.

export const installationId = 99;

export const mona = { id: 1, login: 'mona', type: 'User' };
export const otherBot = { id: 2, login: 'renovate[bot]', type: 'Bot' };
export const ourBot = { id: 3, login: 'gatepilot[bot]', type: 'Bot' };

interface Place {
  readonly repositoryId: number;
  readonly number: number;
}

function scopeOf({ repositoryId }: Place, sender: object) {
  return {
    repository: {
      id: repositoryId,
      name: 'world',
      full_name: 'acme/world',
      owner: { id: 5, login: 'acme', type: 'Organization' },
    },
    installation: { id: installationId },
    sender,
  };
}

export interface CommentOptions extends Place {
  readonly commentId: number;
  readonly body: string;
  readonly action?: string;
  readonly user?: object | null;
  readonly viaAppId?: number;
  readonly isOnPull?: boolean;
}

export function commentPayload(options: CommentOptions) {
  const { commentId, body, action = 'created', user = mona, viaAppId, isOnPull = false, number } = options;
  return {
    action,
    ...scopeOf(options, user ?? mona),
    issue: {
      number,
      title: 'A title',
      ...(isOnPull ? { pull_request: { url: `https://api.github.com/pulls/${number}` } } : {}),
    },
    comment: {
      id: commentId,
      body,
      user,
      author_association: 'MEMBER',
      performed_via_github_app: viaAppId === undefined ? null : { id: viaAppId },
    },
  };
}

type SaidOptions = Omit<CommentOptions, 'isOnPull' | 'viaAppId'>;

function saidBy({ commentId, body, user = mona }: SaidOptions) {
  return { id: commentId, body, user, author_association: 'MEMBER' };
}

/** What somebody said beside a line of a pull request. */
export function reviewCommentPayload(options: SaidOptions) {
  const { action = 'created', number, user } = options;
  const pull_request = { number, title: 'A title' };
  return { action, ...scopeOf(options, user ?? mona), pull_request, comment: saidBy(options) };
}

/** What a review says as a whole. */
export function reviewPayload(options: Omit<SaidOptions, 'body'> & { readonly body: string | null }) {
  const { action = 'submitted', number, user, body } = options;
  const pull_request = { number, title: 'A title' };
  const review = { ...saidBy({ ...options, body: '' }), body, state: 'commented' };
  return { action, ...scopeOf(options, user ?? mona), pull_request, review };
}

export function labelPayload(options: Place & { readonly label?: string; readonly action?: string }) {
  const { number, label = 'pilot:run', action = 'labeled' } = options;
  return { action, ...scopeOf(options, mona), issue: { number, title: 'A title' }, label: { name: label } };
}

export function pushPayload({
  ref = 'refs/heads/main',
  after = 'a'.repeat(40),
  deleted = false,
  ...place
}: Place & { readonly ref?: string; readonly after?: string | null; readonly deleted?: boolean }) {
  return { ref, before: '0'.repeat(40), after, deleted, ...scopeOf(place, mona) };
}

export function groupPayload({
  action = 'checks_requested',
  ref = `refs/heads/gh-readonly-queue/release/2/pr-104-${'b'.repeat(40)}`,
  head = 'a'.repeat(40),
  ...place
}: Place & { readonly action?: string; readonly ref?: string; readonly head?: string }) {
  const group = { head_sha: head, head_ref: ref, base_sha: 'b'.repeat(40), base_ref: 'refs/heads/release/2' };
  return { action, reason: 'dequeued', merge_group: group, ...scopeOf(place, mona) };
}

export interface PullOptions extends Place {
  readonly branch: string;
  readonly action?: string;
  readonly user?: object;
  /** Of the head; null: the fork is deleted. */
  readonly headRepositoryId?: number | null;
  readonly label?: string;
}

export function pullPayload(options: PullOptions) {
  const {
    number,
    branch,
    action = 'opened',
    user = ourBot,
    repositoryId,
    headRepositoryId = repositoryId,
    label,
  } = options;
  return {
    action,
    number,
    ...scopeOf(options, mona),
    ...(label === undefined ? {} : { label: { name: label } }),
    pull_request: {
      title: 'A title',
      merged: false,
      merge_commit_sha: null,
      user,
      head: { sha: 'a'.repeat(40), ref: branch, repo: headRepositoryId === null ? null : { id: headRepositoryId } },
      base: { sha: 'b'.repeat(40), ref: 'main' },
    },
  };
}

export interface CheckOptions extends Place {
  readonly appId: number;
  readonly action?: string;
  readonly externalId?: string | null;
  readonly pulls?: readonly number[];
}

/** Checks of an App on the branch of a run. */
export function suitePayload(
  options: Place & {
    appId: number;
    slug?: string;
    branch?: string | null;
    pulls?: string[];
    numbers?: number[];
    action?: string;
    conclusion?: string;
  },
) {
  const { appId, slug = 'ci', branch = `gatepilot/${options.number}/r1`, pulls = [], numbers = [] } = options;
  const { action = 'completed', conclusion = 'success' } = options;
  return {
    action,
    ...scopeOf(options, action === 'rerequested' ? mona : otherBot),
    check_suite: {
      head_sha: 'a'.repeat(40),
      head_branch: branch,
      pull_requests: [
        ...pulls.map((ref) => ({ number: 9, head: { ref } })),
        ...numbers.map((number) => ({ number, head: { ref: 'mine' } })),
      ],
      conclusion,
      app: { id: appId, slug },
    },
  };
}

export function checkPayload(options: CheckOptions) {
  const { appId, action = 'requested_action', externalId = `${options.number}:r1:head:base`, pulls = [] } = options;
  return {
    action,
    ...scopeOf(options, mona),
    ...(action === 'requested_action' ? { requested_action: { identifier: 'stop' } } : {}),
    check_run: {
      name: 'gatepilot/gate',
      head_sha: 'a'.repeat(40),
      external_id: externalId,
      app: { id: appId },
      pull_requests: pulls.map((number) => ({ number })),
    },
  };
}
