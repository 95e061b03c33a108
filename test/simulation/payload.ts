// What GitHub sends when something changes: the fields that are read, as it names them.
import { iso } from '../../src/demo/github/view/format.ts';
import type { ListedComment } from '../../src/engine/port/delivery-log.ts';
import type { CheckFacts } from '../../src/engine/port/github.ts';
import { isOfFork, toBranchName } from './fork-branch.ts';
import type { Hub, HubComment } from './hub.ts';
import type { QueueEntry } from './merge-queue.ts';

export interface Webhook {
  readonly name:
    | 'issues'
    | 'issue_comment'
    | 'pull_request_review_comment'
    | 'pull_request'
    | 'check_run'
    | 'check_suite'
    | 'push'
    | 'merge_group';
  readonly label: string;
  readonly payload: unknown;
}

export const home = {
  host: 'github.test',
  appId: 4711,
  slug: 'gatepilot',
  repository: { id: 11, name: 'garden', owner: { login: 'acme' } },
  installation: { id: 7 },
  fork: { id: 12 },
} as const;

interface About {
  readonly name: Exclude<Webhook['name'], 'push' | 'merge_group' | 'check_suite'>;
  readonly hub: Hub;
  readonly action: string;
  readonly number: number;
  readonly by: string;
  readonly label?: string;
  readonly comment?: HubComment;
  readonly check?: CheckFacts;
  readonly identifier?: string;
}

export function toWebhook(about: About): Webhook {
  const { name, action, number, by, hub } = about;
  const common = { action, repository: home.repository, installation: home.installation, sender: toUser(by) };
  const label = `${name}.${action} on #${number} by ${by}`;
  const { title, isPull } = hub.thread(number);
  switch (name) {
    case 'issues':
      return { name, label, payload: { ...common, issue: { number, title }, label: { name: about.label ?? '' } } };
    case 'issue_comment': {
      const issue = { number, title, ...(isPull ? { pull_request: {} } : {}) };
      return { name, label, payload: { ...common, issue, comment: toComment(about) } };
    }
    case 'pull_request_review_comment':
      return { name, label, payload: { ...common, pull_request: { number, title }, comment: toComment(about) } };
    case 'pull_request':
      return {
        name,
        label,
        payload: { ...common, number, label: { name: about.label ?? '' }, pull_request: toPull(hub, number) },
      };
    case 'check_run':
      return {
        name,
        label,
        payload: {
          ...common,
          requested_action: { identifier: about.identifier },
          check_run: {
            name: about.check?.name,
            head_sha: about.check?.headSha,
            external_id: about.check?.externalId,
            app: { id: home.appId },
            pull_requests: [{ number }],
          },
        },
      };
  }
}

function toComment({ comment, by }: About): unknown {
  const author = { user: toUser(by), author_association: toAssociation(by) };
  return { ...comment, created_at: comment && iso(comment.at), ...author };
}

/** Sent for every branch, whoever pushed or merged. */
export function toPush(branch: string, head: string, by: string): Webhook {
  const { repository, installation } = home;
  const payload = { ref: `refs/heads/${branch}`, after: head, repository, installation, sender: toUser(by) };
  return { name: 'push', label: `push to ${branch} by ${by}`, payload };
}

/** Of a workflow run that GitHub holds back, and that ran. */
export function toSuite({ head, branch, isHeld }: { head: string; branch: string; isHeld: boolean }): Webhook {
  const { repository, installation } = home;
  const conclusion = isHeld ? 'action_required' : 'success';
  const app = { id: 15_368, slug: 'github-actions' };
  const suite = { head_sha: head, head_branch: toBranchName(branch), pull_requests: [], conclusion, app };
  const payload = { action: 'completed', check_suite: suite, repository, installation, sender: toUser('maria') };
  return { name: 'check_suite', label: `check_suite.completed (${conclusion}) of ${head.slice(0, 8)}`, payload };
}

/** Of each commit that a merge queue made, and when it is done with it. */
export function toMergeGroup(
  { number, head, ref, base, branch, by }: QueueEntry,
  action: 'checks_requested' | 'destroyed',
  reason?: 'merged' | 'invalidated' | 'dequeued',
): Webhook {
  const { repository, installation } = home;
  const group = { head_sha: head, head_ref: `refs/heads/${ref}`, base_sha: base, base_ref: `refs/heads/${branch}` };
  const payload = { action, reason, merge_group: group, repository, installation, sender: toUser(by) };
  const why = reason === undefined ? '' : ` (${reason})`;
  return { name: 'merge_group', label: `merge_group.${action}${why} of ${head.slice(0, 8)} with #${number}`, payload };
}

/** The same comment as the list of a thread tells it. */
export function toListedComment({ id, author, body, at, updatedAt }: HubComment): ListedComment {
  const isOurs = author === 'gatepilot[bot]';
  const actor = { id: toUser(author).id, login: author, kind: isOurs ? ('bot' as const) : ('person' as const) };
  const association = toAssociation(author);
  return { commentId: id, body, actor, association, createdAt: at, isEdited: updatedAt !== at, isOurs };
}

function toPull(hub: Hub, number: number): unknown {
  const pull = hub.pull(number);
  return {
    title: pull.title,
    draft: pull.isDraft,
    merged: pull.state === 'merged',
    merge_commit_sha: pull.mergeSha,
    user: toUser(hub.thread(number).author),
    head: {
      sha: hub.headOf(pull),
      ref: toBranchName(pull.branch),
      repo: { id: isOfFork(pull.branch) ? home.fork.id : home.repository.id },
    },
    base: { sha: hub.branches.get(pull.base), ref: pull.base },
  };
}

function toUser(login: string) {
  const ids: Record<string, number> = { maria: 1, max: 2, eve: 3, 'gatepilot[bot]': 99 };
  return { id: ids[login] ?? 50, login, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
}

function toAssociation(login: string): string {
  return login === 'maria' || login === 'max' ? 'COLLABORATOR' : 'NONE';
}
