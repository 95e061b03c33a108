import type { RequestEntry } from '../../github/state/request-log.ts';
import type { Finding } from './finding.ts';

const template = '/repos/{owner}/{repo}/issues/comments/{comment_id}';

/** Comments that the bot deleted: it does so only where one of its own was there twice, and people were notified of both. */
export function findTakenBack(requests: readonly Pick<RequestEntry, 'method' | 'template' | 'path'>[]): Finding[] {
  return requests
    .filter(({ method, template: asked }) => method === 'DELETE' && asked === template)
    .map(({ path }) => ({ kind: 'doubled', where: path, what: 'the comment was there twice until it was taken back' }));
}
