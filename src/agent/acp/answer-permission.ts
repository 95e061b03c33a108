import type {
  PermissionOptionKind,
  RequestPermissionRequest,
  RequestPermissionResponse,
} from '@agentclientprotocol/sdk';

const changes: readonly unknown[] = ['edit', 'delete', 'move'];
const allowed: readonly PermissionOptionKind[] = ['allow_once', 'allow_always'];
const rejected: readonly PermissionOptionKind[] = ['reject_once', 'reject_always'];

/**
 * Nobody is there to be asked, and the sandbox is what holds an agent: what its attempt may do is allowed, a change where
 * it may only read is refused before it fails. Options are chosen by their kind, since every agent has ids of its own.
 */
export function answerPermission(
  { toolCall, options }: RequestPermissionRequest,
  access: 'read-only' | 'read-write',
): RequestPermissionResponse {
  const wanted = access === 'read-only' && changes.includes(toolCall.kind) ? rejected : allowed;
  const option = wanted.map((kind) => options.find((one) => one.kind === kind)).find((one) => one !== undefined);
  return { outcome: option ? { outcome: 'selected', optionId: option.optionId } : { outcome: 'cancelled' } };
}
