import type { Octokit } from '@octokit/rest';
import type { DeliveryLogPort, DeliveryPage, ListedComment, RepositoryComment } from '../engine/port/delivery-log.ts';
import { isOurLogin, readSlug } from './app-slug.ts';
import { call, callOrAbsent } from './call.ts';
import { type AppIdentity, createOctokitPool, type OctokitPool } from './octokit-pool.ts';

/** GitHub's log of deliveries is the App's own: it is read with the App's key, not as an installation. */
export function createDeliveryLog(identity: AppIdentity): DeliveryLogPort {
  const pool = createOctokitPool(identity);
  return {
    list: (from) => list(pool, from),

    async redeliver(id) {
      // Gone from the log means too old by now; whoever asks has nothing left to do.
      await callOrAbsent('ask for a delivery', () => pool.app.rest.apps.redeliverWebhookDelivery({ delivery_id: id }));
    },

    async listComments(repository, number, since) {
      const { owner, name: repo } = repository;
      const octokit = pool.of(repository);
      const slug = await readSlug(pool);
      const options = {
        owner,
        repo,
        issue_number: number,
        since: new Date(since).toISOString(),
        per_page: 100,
      };
      const answer = await callOrAbsent('list comments', () =>
        octokit.paginate(octokit.rest.issues.listComments, options),
      );
      return (answer ?? []).flatMap((comment) => toListed(comment, { slug, appId: pool.appId }));
    },

    async listLineComments(repository, number, since) {
      const { owner, name: repo } = repository;
      const octokit = pool.of(repository);
      const slug = await readSlug(pool);
      const options = { owner, repo, pull_number: number, since: new Date(since).toISOString(), per_page: 100 };
      const answer = await callOrAbsent('list what stands beside lines', () =>
        octokit.paginate(octokit.rest.pulls.listReviewComments, options),
      );
      return (answer ?? []).flatMap((comment) => toListedBeside(comment, slug));
    },

    async listRepositoryComments(repository, since) {
      const { owner, name: repo } = repository;
      const octokit = pool.of(repository);
      const slug = await readSlug(pool);
      const options = { owner, repo, since: new Date(since).toISOString(), sort: 'created', per_page: 100 } as const;
      const answer = await callOrAbsent('list the comments of a repository', () =>
        octokit.paginate(octokit.rest.issues.listCommentsForRepo, options),
      );
      const beside = await callOrAbsent('list what stands beside lines in a repository', () =>
        octokit.paginate(octokit.rest.pulls.listReviewCommentsForRepo, options),
      );
      return [
        ...(answer ?? []).flatMap((comment): RepositoryComment[] => {
          const thread = Number(/\/issues\/(\d+)$/.exec(comment.issue_url)?.[1]);
          const isPullRequest = /\/pull\/\d+/.test(comment.html_url);
          return toListed(comment, { slug, appId: pool.appId }).map((one) => ({ ...one, thread, isPullRequest }));
        }),
        ...(beside ?? []).flatMap((comment): RepositoryComment[] => {
          const thread = Number(/\/pulls\/(\d+)$/.exec(comment.pull_request_url)?.[1]);
          return toListedBeside(comment, slug).map((one) => ({ ...one, thread, isPullRequest: true }));
        }),
      ];
    },
  };
}

type CommentData = Awaited<ReturnType<Octokit['rest']['issues']['listComments']>>['data'][number];
type LineCommentData = Awaited<ReturnType<Octokit['rest']['pulls']['listReviewComments']>>['data'][number];

/** None for a comment whose author is gone. */
function toListed(comment: CommentData, ours: { readonly slug: string; readonly appId: number }): ListedComment[] {
  const isByApp = comment.performed_via_github_app?.id === ours.appId;
  return toListedOf(comment).map((one) => ({ ...one, isOurs: isByApp || isOurLogin(comment.user, ours.slug) }));
}

/** GitHub does not say by which App: only by whom. */
function toListedBeside(comment: LineCommentData, slug: string): ListedComment[] {
  return toListedOf(comment).map((one) => ({ ...one, place: 'line', isOurs: isOurLogin(comment.user, slug) }));
}

function toListedOf(comment: CommentData | LineCommentData): Omit<ListedComment, 'place' | 'isOurs'>[] {
  const { user } = comment;
  if (!user) return [];
  return [
    {
      commentId: comment.id,
      body: comment.body ?? '',
      actor: { id: user.id, login: user.login, kind: user.type === 'Bot' ? 'bot' : 'person' },
      association: comment.author_association,
      createdAt: Date.parse(comment.created_at),
      isEdited: comment.updated_at !== comment.created_at,
    },
  ];
}

async function list(pool: OctokitPool, from: string | undefined): Promise<DeliveryPage> {
  const { data, headers } = await call('list deliveries', () =>
    pool.app.rest.apps.listWebhookDeliveries({ per_page: 100, ...(from === undefined ? {} : { cursor: from }) }),
  );
  return {
    attempts: data.map(({ id, guid, delivered_at, status_code, event, action }) => ({
      id,
      guid,
      at: Date.parse(delivered_at),
      isOk: status_code >= 200 && status_code < 300,
      what: action === null ? event : `${event}.${action}`,
    })),
    next: readCursor(headers.link),
    readAt: Date.parse(headers.date ?? '') || Date.now(),
  };
}

/** Pages of this list are found by a cursor that only the link names. */
function readCursor(link: string | undefined): string | undefined {
  const next = /<([^<>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return next === undefined ? undefined : (new URL(next).searchParams.get('cursor') ?? undefined);
}
