import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { CheckRunPayload } from './payload.ts';
import { toCheckRequest } from './to-check-request.ts';

/**
 * Buttons of our own checks. Their external id names the subject, or says that they stand on a commit of the merge queue; pushes
 * from forks leave the list of pull requests empty. Where no run made the pull request its number comes second; older versions
 * named none there.
 */
export function parseCheckRun(payload: unknown, context: WebhookContext): ParsedWebhook {
  const parsed = CheckRunPayload.safeParse(payload);
  if (!parsed.success) return ignored('a check event without the fields that matter');
  const { action, check_run: check, requested_action: button } = parsed.data;
  if (check.app?.id !== context.appId) return ignored('a check of another app');
  if (action !== 'rerequested' && action !== 'requested_action') return ignored(`no use for check_run.${action}`);
  const [first = '', second = '', third] = (check.external_id ?? '').split(':');
  const named = first === 'observed' && third !== undefined ? second : first;
  const isOfGroup = named === 'group' && /^[0-9a-f]{40,64}$/.test(check.head_sha);
  const number = /^[1-9]\d{0,9}$/.test(named) ? Number(named) : check.pull_requests[0]?.number;
  const of = isOfGroup ? 'group' : number;
  if (of === undefined) return ignored('a check that belongs to no thread');
  const request =
    action === 'rerequested'
      ? ({ kind: 'rerequested' } as const)
      : ({ kind: 'button', identifier: button?.identifier ?? '' } as const);
  return toCheckRequest(parsed.data, context, { of, request, checkName: check.name, headSha: check.head_sha });
}
