import { parseQueueRef } from '../core/model/group.ts';
import { toGroupId } from '../core/model/subject.ts';
import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { MergeGroupPayload } from './payload.ts';
import { toRepository } from './to-model.ts';

const branchPrefix = 'refs/heads/';

/** A commit that the merge queue made, or is done with. The commit is whose record it is; its branch names a pull request. */
export function parseMergeGroup(payload: unknown, { host, deliveryId }: WebhookContext): ParsedWebhook {
  const parsed = MergeGroupPayload.safeParse(payload);
  if (!parsed.success) return ignored('a merge group without the fields that matter');
  const { action, reason, merge_group: group, repository, installation } = parsed.data;
  const { head_sha: head, head_ref: headRef, base_sha: base, base_ref: baseRef } = group;
  const place = {
    kind: 'event',
    subject: toGroupId(host, repository.id, head),
    repository: toRepository(host, repository, installation),
  } as const;
  if (action === 'destroyed')
    return { ...place, event: { kind: 'group_destroyed', deliveryId, reason }, isOnlyForKnown: true };
  if (action !== 'checks_requested') return ignored(`no use for merge_group.${action}`);
  const ref = headRef.replace(branchPrefix, '');
  const number = parseQueueRef(ref)?.number;
  if (number === undefined) return ignored('a merge group whose branch names no pull request');
  const branch = baseRef.replace(branchPrefix, '');
  return {
    ...place,
    event: { kind: 'group_formed', deliveryId, head, ref, branch, base, number },
    isOnlyForKnown: false,
  };
}
