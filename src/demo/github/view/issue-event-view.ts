import type { IssueEvent } from '../state/issue.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { userView } from './account-view.ts';
import { iso, nodeId } from './format.ts';
import { viaApp } from './issue-view.ts';
import { repositoryApiUrl } from './repository-view.ts';

export function issueEventView(world: World, repository: Repository, event: IssueEvent) {
  const url = repositoryApiUrl(world, repository);
  const { commitSha, label, rename } = event;
  return {
    id: event.id,
    node_id: nodeId('IssueEvent', event.id),
    url: `${url}/issues/events/${event.id}`,
    actor: userView(world, event.actor),
    event: event.kind,
    commit_id: commitSha ?? null,
    commit_url: commitSha === undefined ? null : `${url}/commits/${commitSha}`,
    created_at: iso(event.at),
    performed_via_github_app: viaApp(world, event.viaAppId),
    ...(label ? { label } : {}),
    ...(rename ? { rename } : {}),
  };
}
