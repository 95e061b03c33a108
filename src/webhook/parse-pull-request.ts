import { parseRunBranch, toSubjectId } from '../core/model/subject.ts';
import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { PullRequestPayload } from './payload.ts';
import { toLabelled } from './to-labelled.ts';
import { toActor, toRepository } from './to-model.ts';

const changes = {
  opened: 'opened',
  reopened: 'reopened',
  synchronize: 'synchronize',
  closed: 'closed',
  edited: 'edited',
  // What it is is read anew; whether it is a draft is one of the things that it is.
  ready_for_review: 'edited',
  converted_to_draft: 'edited',
} as const;

/**
 * A pull request of a run is the subject of its issue: its branch names the owner, so this holds also in the moment
 * between opening it and recording that.
 */
export function parsePullRequest(payload: unknown, context: WebhookContext): ParsedWebhook {
  const parsed = PullRequestPayload.safeParse(payload);
  if (!parsed.success) return ignored('a pull request event without the fields that matter');
  const { action, number, pull_request: pull, sender, repository, installation, label } = parsed.data;
  const isSameRepository = pull.head.repo?.id === repository.id;
  const owner = isSameRepository && mayBeOurs(pull.user, context) ? readOwner(pull.head.ref) : undefined;
  const place = {
    kind: 'event',
    subject: toSubjectId(context.host, repository.id, owner ?? number),
    repository: toRepository(context.host, repository, installation),
  } as const;
  const { deliveryId } = context;
  const thread = { thread: number, isPullRequest: true, title: pull.title };
  const labelled = toLabelled({ action, label, sender, deliveryId }, thread);
  if (labelled) return { ...place, ...labelled, event: { ...labelled.event, head: pull.head.sha } };
  const change = isKnown(action) ? changes[action] : undefined;
  if (!change) return ignored(`no use for pull_request.${action}`);
  return {
    ...place,
    event: {
      kind: 'pull_request_changed',
      deliveryId,
      change,
      number,
      headSha: pull.head.sha,
      headBranch: pull.head.ref,
      baseBranch: pull.base.ref,
      baseSha: pull.base.sha,
      isSameRepository,
      merged: pull.merged ?? false,
      ...(typeof pull.draft === 'boolean' ? { isDraft: pull.draft } : {}),
      // Whoever did not hear that it was made ready knows it from this.
      ...(action === 'converted_to_draft' ? { wasReady: true } : {}),
      ...(pull.merged && pull.merge_commit_sha ? { mergeSha: pull.merge_commit_sha } : {}),
      actor: toActor(sender),
      title: pull.title,
    },
    isOnlyForKnown: action === 'edited' || change === 'closed',
  };
}

/** Until our name is known any bot may be us; whose it is, is then asked of GitHub before it is taken for a run's. */
function mayBeOurs(user: { type?: string | undefined; login: string } | null, { slug }: WebhookContext): boolean {
  return user?.type === 'Bot' && (slug === undefined || user.login === `${slug}[bot]`);
}

function isKnown(action: string): action is keyof typeof changes {
  return Object.hasOwn(changes, action);
}

/** The issue that a branch names. Anybody who may push chooses the name of a branch: a number that no issue can have is none. */
function readOwner(branch: string): number | undefined {
  const owner = parseRunBranch(branch)?.number;
  return owner !== undefined && Number.isSafeInteger(owner) && owner > 0 ? owner : undefined;
}
