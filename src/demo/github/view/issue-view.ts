import { commentsOf } from '../state/find.ts';
import type { Comment, Issue, Label, Reaction } from '../state/issue.ts';
import type { Repository } from '../state/repository.ts';
import { associationOf } from '../state/role.ts';
import type { World } from '../state/world.ts';
import { userView } from './account-view.ts';
import { appView } from './app-view.ts';
import { iso, isoOrNull, nodeId } from './format.ts';
import { repositoryApiUrl, repositoryHtmlUrl } from './repository-view.ts';
import type { Schemas } from './schema.ts';

export type LabelView = Omit<Schemas['label'], 'id'> & { id: number };

export function labelView(world: World, repository: Repository, label: Label): LabelView {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${repositoryApiUrl(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    description: label.description,
    color: label.color,
    default: label.isDefault,
  };
}

export function labelViews(world: World, repository: Repository, issue: Issue): LabelView[] {
  return issue.labels.flatMap((name) => {
    const label = repository.labels.find((known) => known.name === name);
    return label ? [labelView(world, repository, label)] : [];
  });
}

export function issueHtmlUrl(world: World, repository: Repository, issue: Issue): string {
  return `${repositoryHtmlUrl(world, repository)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
}

export function issueView(world: World, repository: Repository, issue: Issue): Schemas['issue'] {
  const url = `${repositoryApiUrl(world, repository)}/issues/${issue.number}`;
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    url,
    repository_url: repositoryApiUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issueHtmlUrl(world, repository, issue),
    timeline_url: `${url}/timeline`,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: userView(world, issue.author),
    labels: labelViews(world, repository, issue),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    active_lock_reason: null,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: commentsOf(repository, issue.number).length,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    author_association: associationOf(repository, issue.author),
    reactions: reactionRollup(issue.reactions, `${url}/reactions`),
    performed_via_github_app: viaApp(world, issue.viaAppId),
    ...(issue.pull ? pullPart(world, repository, issue) : {}),
  };
}

/** The one-issue form also says who closed it. */
export function fullIssueView(world: World, repository: Repository, issue: Issue): Schemas['issue'] {
  return {
    ...issueView(world, repository, issue),
    closed_by: issue.closedBy === null ? null : userView(world, issue.closedBy),
  };
}

function pullPart(world: World, repository: Repository, issue: Issue) {
  const html = issueHtmlUrl(world, repository, issue);
  return {
    draft: issue.pull?.draft ?? false,
    pull_request: {
      url: `${repositoryApiUrl(world, repository)}/pulls/${issue.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: isoOrNull(issue.pull?.merged?.at ?? null),
    },
  };
}

export function viaApp(world: World, appId: number | undefined): Schemas['nullable-integration'] {
  const app = appId === undefined ? undefined : world.apps.get(appId);
  return app ? appView(world, app) : null;
}

export function commentView(world: World, repository: Repository, comment: Comment): Schemas['issue-comment'] {
  const api = `${repositoryApiUrl(world, repository)}/issues`;
  const issue = repository.issues.get(comment.number);
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${api}/comments/${comment.id}`,
    html_url: `${issue ? issueHtmlUrl(world, repository, issue) : ''}#issuecomment-${comment.id}`,
    issue_url: `${api}/${comment.number}`,
    user: userView(world, comment.author),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: associationOf(repository, comment.author),
    performed_via_github_app: viaApp(world, comment.viaAppId),
    reactions: reactionRollup(comment.reactions, `${api}/comments/${comment.id}/reactions`),
  };
}

export function reactionView(world: World, reaction: Reaction): Schemas['reaction'] {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: userView(world, reaction.user),
    content: reaction.content,
    created_at: iso(reaction.createdAt),
  };
}

export function reactionRollup(reactions: readonly Reaction[], url: string): Schemas['reaction-rollup'] {
  const count = (content: Reaction['content']) => reactions.filter((reaction) => reaction.content === content).length;
  return {
    url,
    total_count: reactions.length,
    '+1': count('+1'),
    '-1': count('-1'),
    laugh: count('laugh'),
    hooray: count('hooray'),
    confused: count('confused'),
    heart: count('heart'),
    rocket: count('rocket'),
    eyes: count('eyes'),
  };
}
