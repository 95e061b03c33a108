import { accountOf } from '../state/find.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { userView } from './account-view.ts';
import { iso, nodeId } from './format.ts';
import type { Schemas } from './schema.ts';

export function repositoryApiUrl(world: World, repository: Repository): string {
  return `${world.origin}/api/v3/repos/${repository.fullName}`;
}

export function repositoryHtmlUrl(world: World, repository: Repository): string {
  return `${world.origin}/${repository.fullName}`;
}

export function cloneUrl(world: World, repository: Repository): string {
  return `${repositoryHtmlUrl(world, repository)}.git`;
}

/** Fits the plain, the minimal, the full and the webhook form of a repository. */
export function repositoryView(world: World, repository: Repository) {
  const openIssues = [...repository.issues.values()].filter((issue) => issue.state === 'open').length;
  const forks = [...world.repositories.values()].filter((fork) => fork.parentId === repository.id).length;
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.isPrivate,
    visibility: repository.isPrivate ? ('private' as const) : ('public' as const),
    owner: userView(world, repository.owner),
    description: repository.description,
    fork: repository.parentId !== undefined,
    ...urls(world, repository),
    ...settings,
    homepage: null,
    language: null,
    license: null,
    mirror_url: null,
    topics: [] as string[],
    size: 0,
    default_branch: repository.defaultBranch,
    open_issues_count: openIssues,
    open_issues: openIssues,
    forks_count: forks,
    forks,
    network_count: forks,
    stargazers_count: 0,
    subscribers_count: 0,
    watchers_count: 0,
    watchers: 0,
    pushed_at: iso(repository.pushedAt),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.updatedAt),
  } satisfies Schemas['full-repository'] & Schemas['repository'];
}

/** The one-repository form: with its parent, its organisation and how it merges. */
export function fullRepositoryView(world: World, repository: Repository): Schemas['full-repository'] {
  const parent = repository.parentId === undefined ? undefined : world.repositories.get(repository.parentId);
  const view: Schemas['full-repository'] = {
    ...repositoryView(world, repository),
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: false,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
  };
  if (parent) {
    view.parent = repositoryView(world, parent);
    view.source = repositoryView(world, parent);
  }
  if (accountOf(world, repository.owner).kind === 'Organization') {
    view.organization = userView(world, repository.owner);
  }
  return view;
}

const settings = {
  has_issues: true,
  has_projects: false,
  has_wiki: false,
  has_pages: false,
  has_downloads: true,
  has_discussions: false,
  archived: false,
  disabled: false,
  allow_forking: true,
  is_template: false,
  web_commit_signoff_required: false,
};

function urls(world: World, repository: Repository) {
  const url = repositoryApiUrl(world, repository);
  const html = repositoryHtmlUrl(world, repository);
  const host = world.origin.replace(/^https?:\/\//, '');
  return {
    html_url: html,
    url,
    clone_url: cloneUrl(world, repository),
    git_url: `git://${host}/${repository.fullName}.git`,
    ssh_url: `ssh://git@${host}/${repository.fullName}.git`,
    svn_url: html,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}
