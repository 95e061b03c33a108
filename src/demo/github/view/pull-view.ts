import { type PullState, readPullState } from '../action/pull-state.ts';
import { commentsOf, type PullIssue } from '../state/find.ts';
import type { Repository } from '../state/repository.ts';
import { associationOf } from '../state/role.ts';
import type { World } from '../state/world.ts';
import { userView } from './account-view.ts';
import { iso, isoOrNull, nodeId } from './format.ts';
import { issueHtmlUrl, labelViews } from './issue-view.ts';
import { repositoryApiUrl, repositoryView } from './repository-view.ts';
import type { Schemas } from './schema.ts';

type Simple = Schemas['pull-request-simple'];

export async function pullView(
  world: World,
  repository: Repository,
  pull: PullIssue,
): Promise<Schemas['pull-request']> {
  const state = await readPullState(repository, pull);
  return {
    ...simpleView({ world, repository, pull, state }),
    maintainer_can_modify: pull.pull.maintainerCanModify,
    merged: pull.pull.merged !== null,
    merged_by: pull.pull.merged === null ? null : userView(world, pull.pull.merged.by),
    mergeable: state.mergeable,
    rebaseable: state.mergeable,
    mergeable_state: state.mergeableState,
    comments: commentsOf(repository, pull.number).length,
    review_comments: pull.pull.reviewComments.length,
    commits: state.commits,
    additions: state.additions,
    deletions: state.deletions,
    changed_files: state.changedFiles,
  };
}

/** The form of lists. */
export async function simplePullView(world: World, repository: Repository, pull: PullIssue): Promise<Simple> {
  const view = simpleView({ world, repository, pull, state: await readPullState(repository, pull) });
  // The published schema of lists, unlike all others, does not let a label's description be null.
  return { ...view, labels: view.labels.map((label) => ({ ...label, description: label.description ?? '' })) };
}

/** What both forms share; nothing here but the commit SHAs comes from git. */
function simpleView(of: { world: World; repository: Repository; pull: PullIssue; state: PullState }) {
  const { world, repository, pull, state } = of;
  return {
    id: pull.pull.id,
    node_id: nodeId('PullRequest', pull.pull.id),
    ...links(world, repository, {
      number: pull.number,
      headSha: state.headSha,
      html: issueHtmlUrl(world, repository, pull),
    }),
    number: pull.number,
    state: pull.state,
    locked: false,
    active_lock_reason: null,
    title: pull.title,
    user: userView(world, pull.author),
    body: pull.body,
    labels: labelViews(world, repository, pull),
    milestone: null,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: isoOrNull(pull.closedAt),
    merged_at: isoOrNull(pull.pull.merged?.at ?? null),
    merge_commit_sha: pull.pull.merged?.sha ?? state.testMergeSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: headView(world, pull, state.headSha),
    base: {
      label: `${repository.owner}:${pull.pull.baseRef}`,
      ref: pull.pull.baseRef,
      sha: pull.pull.baseSha,
      user: userView(world, repository.owner),
      repo: repositoryView(world, repository),
    },
    author_association: associationOf(repository, pull.author),
    auto_merge: null,
    draft: pull.pull.draft,
  };
}

function headView(world: World, pull: PullIssue, headSha: string): Schemas['pull-request']['head'] {
  const { owner, ref, repositoryId } = pull.pull.head;
  const repository = world.repositories.get(repositoryId);
  const view = { label: `${owner}:${ref}`, ref, sha: headSha, user: userView(world, owner) };
  // GitHub shows null for a deleted fork, which its own schema does not allow; forks are never deleted here.
  if (!repository) throw new Error(`the head repository of #${pull.number} is gone`);
  return { ...view, repo: repositoryView(world, repository) };
}

function links(world: World, repository: Repository, pull: { number: number; headSha: string; html: string }) {
  const api = repositoryApiUrl(world, repository);
  const url = `${api}/pulls/${pull.number}`;
  const issue = `${api}/issues/${pull.number}`;
  const own = {
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: `${api}/statuses/${pull.headSha}`,
  };
  return {
    url,
    html_url: pull.html,
    diff_url: `${pull.html}.diff`,
    patch_url: `${pull.html}.patch`,
    issue_url: issue,
    ...own,
    _links: {
      self: { href: url },
      html: { href: pull.html },
      issue: { href: issue },
      comments: { href: own.comments_url },
      review_comments: { href: own.review_comments_url },
      review_comment: { href: own.review_comment_url },
      commits: { href: own.commits_url },
      statuses: { href: own.statuses_url },
    },
  };
}

/** The short form inside check runs and suites. */
export function minimalPullView(
  world: World,
  repository: Repository,
  at: { pull: PullIssue; headSha: string },
): Schemas['pull-request-minimal'] {
  const repo = { id: repository.id, url: repositoryApiUrl(world, repository), name: repository.name };
  const { pull } = at;
  return {
    id: pull.pull.id,
    number: pull.number,
    url: `${repo.url}/pulls/${pull.number}`,
    head: { ref: pull.pull.head.ref, sha: at.headSha, repo },
    base: { ref: pull.pull.baseRef, sha: pull.pull.baseSha, repo },
  };
}
