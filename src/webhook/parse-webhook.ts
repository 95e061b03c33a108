// A webhook as an event of a subject, or as nothing: unknown kinds, actions and shapes are ignored with a reason,
// never an exception. No authority is read from a payload; who may do what is asked of GitHub later.
import { parseCheckRun } from './parse-check-run.ts';
import { parseCheckSuite } from './parse-check-suite.ts';
import { parseIssue } from './parse-issue.ts';
import { parseIssueComment } from './parse-issue-comment.ts';
import { parseMergeGroup } from './parse-merge-group.ts';
import { parsePullRequest } from './parse-pull-request.ts';
import { parsePush } from './parse-push.ts';
import { parseReview, parseReviewComment } from './parse-review.ts';
import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { InstallationPayload } from './payload.ts';

export function parseWebhook(name: string, payload: unknown, context: WebhookContext): ParsedWebhook {
  switch (name) {
    case 'issues':
      return parseIssue(payload, context);
    case 'issue_comment':
      return parseIssueComment(payload, context);
    case 'pull_request_review_comment':
      return parseReviewComment(payload, context);
    case 'pull_request_review':
      return parseReview(payload, context);
    case 'pull_request':
      return parsePullRequest(payload, context);
    case 'check_run':
      return parseCheckRun(payload, context);
    case 'check_suite':
      return parseCheckSuite(payload, context);
    case 'merge_group':
      return parseMergeGroup(payload, context);
    case 'push':
      return parsePush(payload, context);
    case 'installation':
    case 'installation_repositories':
      return parseInstallation(payload);
    default:
      return ignored(`no use for "${name}"`);
  }
}

function parseInstallation(payload: unknown): ParsedWebhook {
  const parsed = InstallationPayload.safeParse(payload);
  if (!parsed.success) return ignored('an installation event without its installation');
  return { kind: 'installation', installationId: parsed.data.installation.id, change: parsed.data };
}
