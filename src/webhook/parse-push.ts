import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { PushPayload } from './payload.ts';
import { toActor, toRepository } from './to-model.ts';

const branchPrefix = 'refs/heads/';

/** Where a branch is now. Whether anybody cares, the store knows. */
export function parsePush(payload: unknown, { host, deliveryId }: WebhookContext): ParsedWebhook {
  const parsed = PushPayload.safeParse(payload);
  if (!parsed.success) return ignored('a push without the fields that matter');
  const { ref, after: head, deleted, sender, repository, installation } = parsed.data;
  if (!ref.startsWith(branchPrefix)) return ignored('a push to no branch');
  if (deleted) return ignored('a branch that was deleted');
  const branch = ref.slice(branchPrefix.length);
  return {
    kind: 'branch',
    repository: toRepository(host, repository, installation),
    branch,
    event: { kind: 'base_pushed', deliveryId, branch, head, ...(sender ? { actor: toActor(sender) } : {}) },
  };
}
