// Every change of a branch or tag goes through here, whoever makes it and by whatever way: the refs are compared before
// and after, and the differences become webhooks and changes of pull requests.
import { readCommits } from '../git/commit.ts';
import { isAncestor, readRefs, zeroSha } from '../git/refs.ts';
import type { Actor } from '../state/actor.ts';
import { accountOf } from '../state/find.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { userView } from '../view/account-view.ts';
import { commitHtmlUrl, pushedCommitView } from '../view/commit-view.ts';
import { repositoryHtmlUrl, repositoryView } from '../view/repository-view.ts';
import { emit } from '../webhook/emit.ts';
import { requestSuites } from './check-suite.ts';
import { closeFixedIssues } from './closing-keyword.ts';
import { followBase, followHead } from './follow-branch.ts';

interface RefChange {
  /** Full name. */
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Commits were taken away. */
  readonly forced: boolean;
}

/** Runs `work` with nobody else changing refs, and announces what it changed. What it throws is passed on. */
export async function changeRefs<Result>(
  world: World,
  repository: Repository,
  actor: Actor,
  work: () => Promise<Result>,
): Promise<Result> {
  const done = await repository.git.exclusive(async () => {
    const before = await readRefs(repository.git);
    const result = await work();
    const after = await readRefs(repository.git);
    for (const ref of new Set([...before.keys(), ...after.keys()])) {
      const [old, now] = [before.get(ref), after.get(ref)];
      if (old === now) continue;
      const forced = old !== undefined && now !== undefined && !(await isAncestor(repository.git, old, now));
      await announceRefChange(world, repository, { actor, change: { ref, before: old, after: now, forced } });
    }
    return result;
  });
  await world.followQueues(repository);
  return done;
}

async function announceRefChange(
  world: World,
  repository: Repository,
  { actor, change }: { actor: Actor; change: RefChange },
): Promise<void> {
  repository.pushedAt = world.now();
  repository.updatedAt = world.now();
  if (change.before === undefined) emitRefEvent(world, repository, { actor, change, event: 'create' });
  if (change.after === undefined) emitRefEvent(world, repository, { actor, change, event: 'delete' });
  emit(world, repository, { event: 'push', actor, payload: await pushPayload(world, repository, { actor, change }) });
  const branch = /^refs\/heads\/(.+)$/.exec(change.ref)?.[1];
  if (branch === undefined) return;
  await followHead(world, repository, { actor, branch, change });
  await followBase(world, repository, { actor, branch, change });
  if (change.after === undefined) return;
  await requestSuites(world, repository, { actor, branch, before: change.before, sha: change.after });
  if (branch === repository.defaultBranch) {
    const range = change.before === undefined ? [] : [`${change.before}..${change.after}`];
    const messages = (
      await readCommits(repository.git, range.length > 0 ? range : ['--max-count=1', change.after])
    ).map((commit) => commit.message);
    await closeFixedIssues(world, repository, { actor, text: messages.join('\n'), commitSha: change.after });
  }
}

function emitRefEvent(
  world: World,
  repository: Repository,
  { actor, change, event }: { actor: Actor; change: RefChange; event: 'create' | 'delete' },
): void {
  const payload = {
    ref: change.ref.replace(/^refs\/(heads|tags)\//, ''),
    ref_type: change.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ...(event === 'create' ? { master_branch: repository.defaultBranch, description: repository.description } : {}),
    pusher_type: 'user',
  };
  emit(world, repository, { event, actor, payload });
}

/** GitHub lists at most this many commits of a push. */
const maxPushedCommits = 2048;

async function pushPayload(
  world: World,
  repository: Repository,
  { actor, change }: { actor: Actor; change: RefChange },
): Promise<Record<string, unknown>> {
  const commits = await pushedCommits(repository, change);
  const views = await Promise.all(
    commits.map(async (commit) => ({
      ...pushedCommitView(world, repository, commit),
      ...(await changedPaths(repository, commit.sha)),
    })),
  );
  const { name, email } = accountOf(world, actor.login);
  const html = repositoryHtmlUrl(world, repository);
  const short = (sha: string | undefined) => (sha ?? zeroSha).slice(0, 12);
  return {
    ref: change.ref,
    before: change.before ?? zeroSha,
    after: change.after ?? zeroSha,
    base_ref: null,
    created: change.before === undefined,
    deleted: change.after === undefined,
    forced: change.forced,
    compare:
      change.before === undefined || change.after === undefined
        ? commitHtmlUrl(world, repository, short(change.after ?? change.before))
        : `${html}/compare/${short(change.before)}...${short(change.after)}`,
    commits: views,
    head_commit: views.at(-1) ?? (await headCommit(world, repository, change)),
    pusher: { name: actor.login, email: email ?? null },
    repository: {
      ...repositoryView(world, repository),
      // In this payload alone GitHub sends these as seconds, and the owner with a name.
      created_at: Math.floor(repository.createdAt / 1000),
      pushed_at: Math.floor(repository.pushedAt / 1000),
      stargazers: 0,
      master_branch: repository.defaultBranch,
      owner: { ...userView(world, repository.owner), name: name ?? repository.owner, email: email ?? null },
    },
  };
}

async function pushedCommits(repository: Repository, change: RefChange) {
  if (change.after === undefined || change.ref.startsWith('refs/tags/')) return [];
  const known =
    change.before ?? (await readRefs(repository.git, ['refs/heads'])).get(`refs/heads/${repository.defaultBranch}`);
  // The first branch of a repository: everything is new.
  const without = known === undefined || known === change.after ? [] : [`^${known}`];
  if (known === change.after) return [];
  return readCommits(repository.git, ['--reverse', `--max-count=${maxPushedCommits}`, change.after, ...without]);
}

async function headCommit(world: World, repository: Repository, change: RefChange) {
  if (change.after === undefined) return null;
  const [commit] = await readCommits(repository.git, ['--max-count=1', change.after]);
  return commit
    ? { ...pushedCommitView(world, repository, commit), ...(await changedPaths(repository, commit.sha)) }
    : null;
}

async function changedPaths(repository: Repository, sha: string) {
  const text = await repository.git.text(['diff-tree', '--root', '-r', '-z', '--no-commit-id', '--name-status', sha]);
  const parts = text.split('\0');
  const paths = { added: [] as string[], removed: [] as string[], modified: [] as string[] };
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const list = parts[at] === 'A' ? paths.added : parts[at] === 'D' ? paths.removed : paths.modified;
    list.push(parts[at + 1] ?? '');
  }
  return paths;
}
