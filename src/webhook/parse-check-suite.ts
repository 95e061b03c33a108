import type { z } from 'zod';
import { parseQueueRef } from '../core/model/group.ts';
import { workflowsApp } from '../core/model/held-ci.ts';
import { parseRunBranch, toSubjectId } from '../core/model/subject.ts';
import { gateName } from '../core/reply/render-check.ts';
import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { CheckSuitePayload } from './payload.ts';
import { toCheckRequest } from './to-check-request.ts';
import { toActor, toRepository } from './to-model.ts';

type Payload = z.infer<typeof CheckSuitePayload>;

/**
 * Checks of other Apps on a branch of a run, which GitHub holds back where somebody has to let them run; and our own, where
 * somebody asks for all of them on a commit again.
 */
export function parseCheckSuite(payload: unknown, context: WebhookContext): ParsedWebhook {
  const parsed = CheckSuitePayload.safeParse(payload);
  if (!parsed.success) return ignored('checks without the fields that matter');
  const { action, check_suite: suite } = parsed.data;
  const isOurs = suite.app?.id === context.appId;
  if (isOurs && action === 'rerequested') return parseAgain(parsed.data, context);
  if (action !== 'completed') return ignored(`no use for check_suite.${action}`);
  if (isOurs) return ignored('our own checks');
  return parseEnd(parsed.data, context);
}

function parseEnd({ check_suite: suite, sender, repository, installation }: Payload, context: WebhookContext) {
  const owner = findOwner(suite);
  if (owner === undefined) return ignored('checks of a branch that no run made');
  return {
    kind: 'event',
    subject: toSubjectId(context.host, repository.id, owner),
    repository: toRepository(context.host, repository, installation),
    event: {
      kind: 'suite_completed',
      deliveryId: context.deliveryId,
      headSha: suite.head_sha,
      isHeld: suite.conclusion === 'action_required',
      ...(suite.app?.slug === workflowsApp ? { isWorkflow: true } : {}),
      actor: toActor(sender),
    },
    isOnlyForKnown: true,
  } as const;
}

/** "Re-run all checks": GitHub names no check of ours, and with it no thread, so that its branch has to. */
function parseAgain(payload: Payload, context: WebhookContext): ParsedWebhook {
  const { check_suite: suite } = payload;
  const isOfGroup = parseQueueRef(suite.head_branch ?? '') !== undefined;
  const of = isOfGroup ? 'group' : (findOwner(suite) ?? suite.pull_requests[0]?.number);
  if (of === undefined) return ignored('a check that belongs to no thread');
  const request = { kind: 'rerequested' } as const;
  return toCheckRequest(payload, context, { of, request, checkName: gateName, headSha: suite.head_sha });
}

/** The run whose branch it is. A suite that was made with its first check names no branch. */
function findOwner({ head_branch: branch, pull_requests: pulls }: Payload['check_suite']): number | undefined {
  const branches = [branch ?? '', ...pulls.map(({ head }) => head.ref)];
  return branches.flatMap((one) => parseRunBranch(one)?.number ?? [])[0];
}
