// Commit statuses: the older kind of check, writable by everybody who may push.
import { z } from 'zod';
import { isCommit } from '../git/refs.ts';
import { type CommitStatus, statusStates } from '../state/check.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { userView } from '../view/account-view.ts';
import { iso, nodeId } from '../view/format.ts';
import { repositoryApiUrl, repositoryView } from '../view/repository-view.ts';
import type { RepositoryCall } from './call.ts';
import { commitByRef } from './commit-routes.ts';
import { listPage, pageOf } from './paginate.ts';
import { type Answer, created, needs, ok, type Route, repositoryRoute } from './route.ts';

function statusView(world: World, repository: Repository, status: CommitStatus) {
  return {
    url: `${repositoryApiUrl(world, repository)}/statuses/${status.sha}`,
    avatar_url: userView(world, status.creator).avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
  };
}

const StatusBody = z.object({
  state: z.enum(statusStates),
  context: z.string().default('default'),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
});

async function postStatus({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const sha = call.parameter('sha');
  if (!(await isCommit(repository.git, sha))) throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const body = call.read(StatusBody);
  const status: CommitStatus = {
    id: world.nextId(),
    sha,
    context: body.context,
    state: body.state,
    description: body.description ?? null,
    targetUrl: body.target_url ?? null,
    creator: call.actor.login,
    createdAt: world.now(),
  };
  repository.statuses.push(status);
  return created({ ...statusView(world, repository, status), creator: userView(world, status.creator) });
}

/** The newest of each context, and what they amount to. */
async function combinedStatus({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const sha = await commitByRef(repository, call.parameter('ref'));
  const all = repository.statuses.filter((status) => status.sha === sha);
  const latest = [...new Map(all.map((status) => [status.context, status])).values()];
  const states = latest.map(({ state }) => state);
  const failed = states.includes('failure') || states.includes('error');
  const pending = states.length === 0 || states.includes('pending');
  const page = pageOf(call, latest);
  const url = repositoryApiUrl(world, repository);
  const body = {
    state: failed ? 'failure' : pending ? 'pending' : 'success',
    statuses: page.items.map((status) => statusView(world, repository, status)),
    sha,
    total_count: latest.length,
    repository: repositoryView(world, repository),
    commit_url: `${url}/commits/${sha}`,
    url: `${url}/commits/${sha}/status`,
  };
  return { ...ok(body), headers: page.headers };
}

export const statusRoutes: readonly Route[] = [
  repositoryRoute('POST /statuses/{sha}', needs.writeStatuses, postStatus),
  repositoryRoute('GET /commits/{ref}/status', needs.readStatuses, combinedStatus),
  repositoryRoute('GET /commits/{ref}/statuses', needs.readStatuses, async (of) => {
    const sha = await commitByRef(of.repository, of.call.parameter('ref'));
    const all = of.repository.statuses.filter((status) => status.sha === sha).toReversed();
    return listPage(of.call, all, (status) => ({
      ...statusView(of.world, of.repository, status),
      creator: userView(of.world, status.creator),
    }));
  }),
];
