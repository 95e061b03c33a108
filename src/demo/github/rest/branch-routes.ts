// Branches, and what protects them.
import { readCommit } from '../git/commit.ts';
import { readRef, readRefs } from '../git/refs.ts';
import { Refusal } from '../state/refusal.ts';
import type { Protection, Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { commitView } from '../view/commit-view.ts';
import { repositoryApiUrl, repositoryHtmlUrl } from '../view/repository-view.ts';
import type { RepositoryCall } from './call.ts';
import { listPage } from './paginate.ts';
import { type Answer, needs, ok, type Route, repositoryRoute } from './route.ts';

function branchUrl(world: World, repository: Repository, branch: string): string {
  return `${repositoryApiUrl(world, repository)}/branches/${encodeURIComponent(branch)}`;
}

function checksView(protection: Protection) {
  return {
    strict: protection.strict,
    contexts: protection.requiredChecks.map((check) => check.context),
    checks: protection.requiredChecks.map((check) => ({ context: check.context, app_id: check.appId })),
  };
}

function classicProtection(repository: Repository, branch: string): Protection {
  const protection = repository.protection.get(branch);
  if (protection?.source.kind !== 'classic') throw new Refusal(404, 'Branch not protected');
  return protection;
}

/** The status checks part; GitHub answers 404 when none are required. */
function statusChecks(world: World, repository: Repository, branch: string) {
  const protection = classicProtection(repository, branch);
  if (protection.requiredChecks.length === 0 && !protection.strict) {
    throw new Refusal(404, 'Required status checks not enabled');
  }
  const url = `${branchUrl(world, repository, branch)}/protection/required_status_checks`;
  return { url, ...checksView(protection), contexts_url: `${url}/contexts` };
}

function fullProtection(world: World, repository: Repository, branch: string) {
  const protection = classicProtection(repository, branch);
  const url = `${branchUrl(world, repository, branch)}/protection`;
  const hasChecks = protection.requiredChecks.length > 0 || protection.strict;
  return {
    url,
    ...(hasChecks ? { required_status_checks: statusChecks(world, repository, branch) } : {}),
    ...(protection.requiredApprovals > 0 ? { required_pull_request_reviews: reviewsView(url, protection) } : {}),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: { enabled: false },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: false },
    lock_branch: { enabled: false },
    allow_fork_syncing: { enabled: false },
  };
}

function reviewsView(url: string, protection: Protection) {
  return {
    url: `${url}/required_pull_request_reviews`,
    dismiss_stale_reviews: false,
    require_code_owner_reviews: false,
    require_last_push_approval: false,
    required_approving_review_count: protection.requiredApprovals,
  };
}

async function getBranch({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const name = call.parameter('branch');
  const sha = await readRef(repository.git, `refs/heads/${name}`);
  if (sha === undefined) throw new Refusal(404, 'Branch not found');
  const protection = repository.protection.get(name);
  const url = branchUrl(world, repository, name);
  const checks = protection ? { ...checksView(protection), enforcement_level: levelOf(protection) } : noChecks;
  return ok({
    name,
    commit: commitView(world, repository, await readCommit(repository.git, sha)),
    _links: { self: url, html: `${repositoryHtmlUrl(world, repository)}/tree/${name}` },
    protected: protection !== undefined,
    protection: { enabled: protection?.source.kind === 'classic', required_status_checks: checks },
    protection_url: `${url}/protection`,
  });
}

const noChecks = { enforcement_level: 'off', contexts: [], checks: [] };

function levelOf(protection: Protection): string {
  if (protection.requiredChecks.length === 0) return 'off';
  return protection.enforceAdmins ? 'everyone' : 'non_admins';
}

async function listBranches({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const wanted = call.query.get('protected');
  const branches = [...(await readRefs(repository.git, ['refs/heads']))].map(([ref, sha]) => ({
    name: ref.slice('refs/heads/'.length),
    commit: { sha, url: `${repositoryApiUrl(world, repository)}/commits/${sha}` },
    protected: repository.protection.has(ref.slice('refs/heads/'.length)),
  }));
  return listPage(
    call,
    branches.filter((one) => wanted === null || String(one.protected) === wanted),
    (one) => one,
  );
}

/** Rules of rulesets only: classic protection is not shown here, as on GitHub. */
function listRules({ call, repository }: RepositoryCall): Answer {
  const protection = repository.protection.get(call.parameter('branch'));
  if (protection?.source.kind !== 'ruleset') return ok([]);
  const source = {
    ruleset_source_type: 'Repository',
    ruleset_source: repository.fullName,
    ruleset_id: protection.source.rulesetId,
  };
  const checks = protection.requiredChecks.map(({ context, appId }) => ({
    context,
    ...(appId === null ? {} : { integration_id: appId }),
  }));
  const rules: unknown[] = [
    { type: 'deletion', ...source },
    { type: 'non_fast_forward', ...source },
  ];
  if (checks.length > 0) {
    const parameters = { required_status_checks: checks, strict_required_status_checks_policy: protection.strict };
    rules.push({ type: 'required_status_checks', parameters, ...source });
  }
  if (protection.requiredApprovals > 0) {
    rules.push({ type: 'pull_request', parameters: pullRequestRule(protection), ...source });
  }
  if (protection.hasMergeQueue) rules.push({ type: 'merge_queue', parameters: mergeQueueRule, ...source });
  return ok(rules);
}

const mergeQueueRule = {
  check_response_timeout_minutes: 60,
  grouping_strategy: 'ALLGREEN',
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  merge_method: 'MERGE',
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
};

function pullRequestRule(protection: Protection) {
  return {
    required_approving_review_count: protection.requiredApprovals,
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_review_thread_resolution: false,
  };
}

export const branchRoutes: readonly Route[] = [
  repositoryRoute('GET /branches', needs.readContents, listBranches),
  repositoryRoute('GET /branches/{branch}/protection/required_status_checks', needs.readAdministration, (of) =>
    ok(statusChecks(of.world, of.repository, of.call.parameter('branch'))),
  ),
  repositoryRoute('GET /branches/{branch}/protection', needs.readAdministration, (of) =>
    ok(fullProtection(of.world, of.repository, of.call.parameter('branch'))),
  ),
  repositoryRoute('GET /branches/{branch}', needs.readContents, getBranch),
  repositoryRoute('GET /rules/branches/{branch}', needs.metadata, listRules),
];
