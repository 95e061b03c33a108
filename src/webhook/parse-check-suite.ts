import { workflowsApp } from '../core/model/held-ci.ts';
import { parseRunBranch, toSubjectId } from '../core/model/subject.ts';
import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { CheckSuitePayload } from './payload.ts';
import { toActor, toRepository } from './to-model.ts';

/** Checks of other Apps on a branch of a run: GitHub holds them back where somebody has to let them run. */
export function parseCheckSuite(payload: unknown, context: WebhookContext): ParsedWebhook {
  const parsed = CheckSuitePayload.safeParse(payload);
  if (!parsed.success) return ignored('checks without the fields that matter');
  const { action, check_suite: suite, sender, repository, installation } = parsed.data;
  if (action !== 'completed') return ignored(`no use for check_suite.${action}`);
  if (suite.app?.id === context.appId) return ignored('our own checks');
  // A suite that was made with its first check names no branch.
  const branches = [suite.head_branch ?? '', ...suite.pull_requests.map(({ head }) => head.ref)];
  const owner = branches.flatMap((branch) => parseRunBranch(branch)?.number ?? [])[0];
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
  };
}
