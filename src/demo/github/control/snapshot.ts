import { readRefs } from '../git/refs.ts';
import type { App, Installation } from '../state/app.ts';
import { issueOf, pullOf, pullsOf } from '../state/find.ts';
import type { Repository } from '../state/repository.ts';
import type {
  AppSnapshot,
  InstallationSnapshot,
  IssueSnapshot,
  PullSnapshot,
  RepositorySnapshot,
  Snapshot,
} from '../state/snapshot.ts';
import type { World } from '../state/world.ts';
import { iso } from '../view/format.ts';
import { cloneUrl } from '../view/repository-view.ts';
import { checkSnapshot } from './check-snapshot.ts';
import { issueSnapshot } from './issue-snapshot.ts';
import { pullSnapshot } from './pull-snapshot.ts';

export async function readSnapshot(world: World): Promise<Snapshot> {
  // Read first: what happens meanwhile is told again rather than missed.
  const change = world.changes.last;
  return {
    change,
    now: iso(world.now()),
    accounts: [...world.accounts.values()],
    apps: [...world.apps.values()].map(appSnapshot),
    installations: [...world.installations.values()].map(installationSnapshot),
    repositories: await Promise.all([...world.repositories.values()].map((one) => repositorySnapshot(world, one))),
    deliveries: world.deliveries,
    requests: world.requests,
    faults: world.faults.filter(({ remaining }) => remaining > 0).map(({ ended, ...fault }) => fault),
    holds: world.holds.list,
  };
}

function appSnapshot({ id, slug, webhookUrl, permissions, events }: App): AppSnapshot {
  return { id, slug, webhookUrl, permissions, events };
}

function installationSnapshot({ id, appId, account, permissions, repositories }: Installation): InstallationSnapshot {
  return { id, appId, account, permissions, repositories: repositories === 'all' ? 'all' : [...repositories] };
}

export async function repositorySnapshot(world: World, repository: Repository): Promise<RepositorySnapshot> {
  const refs = await readRefs(repository.git, ['refs/heads']);
  const branches = [...refs].map(([ref, sha]) => [ref.slice('refs/heads/'.length), sha] as const);
  const issues = [...repository.issues.values()].filter((issue) => issue.pull === undefined);
  return {
    id: repository.id,
    fullName: repository.fullName,
    isPrivate: repository.isPrivate,
    defaultBranch: repository.defaultBranch,
    cloneUrl: cloneUrl(world, repository),
    roles: Object.fromEntries(repository.roles),
    labels: repository.labels,
    branches: Object.fromEntries(branches),
    protection: Object.fromEntries(repository.protection),
    issues: issues.map((issue) => issueSnapshot(world, repository, issue)),
    pulls: await Promise.all(pullsOf(repository).map((pull) => pullSnapshot(world, repository, pull))),
    checks: [...repository.checkRuns.values()].map((run) => checkSnapshot(world, run)),
  };
}

export async function threadSnapshot(
  world: World,
  repository: Repository,
  number: number,
): Promise<IssueSnapshot | PullSnapshot> {
  const issue = issueOf(repository, number);
  if (issue.pull === undefined) return issueSnapshot(world, repository, issue);
  return await pullSnapshot(world, repository, pullOf(repository, number));
}
