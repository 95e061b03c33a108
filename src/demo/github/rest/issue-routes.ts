// Issues. Pull requests are issues here too, as on GitHub.
import { z } from 'zod';
import { createIssue, updateIssue } from '../action/issue.ts';
import { setLabels } from '../action/label.ts';
import { isAtLeast } from '../state/account.ts';
import { issueOf } from '../state/find.ts';
import type { Issue } from '../state/issue.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { roleOf } from '../state/role.ts';
import { fullIssueView, issueView } from '../view/issue-view.ts';
import type { Call, RepositoryCall } from './call.ts';
import { listPage } from './paginate.ts';
import { type Answer, created, needs, ok, type Route, repositoryRoute } from './route.ts';

/** Names, or objects with a name. */
export const LabelNames = z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]));

const CreateBody = z.object({
  title: z.union([z.string(), z.number()]).transform(String),
  body: z.string().nullish(),
  labels: LabelNames.optional(),
});

/** Below `triage` labels are silently ignored when an issue is opened, and text of others cannot be changed. */
function mayTriage(call: Call, repository: Repository): boolean {
  return call.caller.kind !== 'person' || isAtLeast(roleOf(repository, call.caller.account.login), 'triage');
}

async function postIssue({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const { title, body, labels } = call.read(CreateBody);
  const issue = { title, body: body ?? null, labels: mayTriage(call, repository) ? (labels ?? []) : [] };
  return created(fullIssueView(world, repository, await createIssue(world, repository, { actor: call.actor, issue })));
}

function listIssues({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const { query } = call;
  const state = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '').split(',').filter(Boolean);
  const creator = query.get('creator');
  const since = Date.parse(query.get('since') ?? '') || 0;
  const found = [...repository.issues.values()].filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      labels.every((label) => issue.labels.includes(label)) &&
      (creator === null || issue.author === creator) &&
      issue.updatedAt >= since,
  );
  return listPage(call, sorted(found, query), (issue) => issueView(world, repository, issue));
}

function sorted(issues: readonly Issue[], query: URLSearchParams): readonly Issue[] {
  const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const oldestFirst = issues.toSorted((one, other) => one[key] - other[key] || one.number - other.number);
  return query.get('direction') === 'asc' ? oldestFirst : oldestFirst.toReversed();
}

const UpdateBody = z.object({
  title: z.union([z.string(), z.number()]).transform(String).optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'reopened', 'duplicate']).nullish(),
  labels: LabelNames.optional(),
});

async function patchIssue({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const issue = issueOf(repository, call.number('issue_number'));
  const body = call.read(UpdateBody);
  requireAuthor(call, repository, issue.author);
  const { actor } = call;
  if (body.labels) await setLabels(world, repository, { actor, issue, names: body.labels });
  const change = {
    ...(body.title === undefined ? {} : { title: body.title }),
    ...(body.body === undefined ? {} : { body: body.body }),
    ...(body.state === undefined ? {} : { state: body.state }),
    stateReason: body.state_reason === 'not_planned' ? ('not_planned' as const) : null,
  };
  await updateIssue(world, repository, { actor, issue, change });
  return ok(fullIssueView(world, repository, issue));
}

/** A person without triage may change only what is theirs. */
export function requireAuthor(call: Call, repository: Repository, author: string): void {
  const own = call.caller.kind === 'person' && call.caller.account.login.toLowerCase() === author.toLowerCase();
  if (!own && !mayTriage(call, repository)) throw new Refusal(403, 'Must have triage permission or be the author');
}

export const issueRoutes: readonly Route[] = [
  repositoryRoute('POST /issues', { permissions: ['issues'], level: 'write', role: 'read' }, postIssue),
  repositoryRoute('GET /issues', needs.readIssues, listIssues),
  repositoryRoute('GET /issues/{issue_number}', needs.readIssue, ({ call, world, repository }) =>
    ok(fullIssueView(world, repository, issueOf(repository, call.number('issue_number')))),
  ),
  repositoryRoute('PATCH /issues/{issue_number}', needs.writeIssue, patchIssue),
];
