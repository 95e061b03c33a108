// Labels of the repository, and on issues and pull requests.
import { z } from 'zod';
import { addLabels, createLabel, deleteLabel, findLabel, removeLabel, setLabels } from '../action/label.ts';
import { issueOf } from '../state/find.ts';
import type { Label } from '../state/issue.ts';
import { notFound } from '../state/refusal.ts';
import { labelView, labelViews } from '../view/issue-view.ts';
import type { RepositoryCall } from './call.ts';
import { LabelNames } from './issue-routes.ts';
import { listPage } from './paginate.ts';
import { type Answer, created, needs, noContent, ok, type Route, repositoryRoute } from './route.ts';

const NamesBody = z.union([
  z.object({ labels: LabelNames.optional() }).transform(({ labels }) => labels ?? []),
  LabelNames,
]);

function labelOf({ call, repository }: RepositoryCall): Label {
  const label = findLabel(repository, call.parameter('name'));
  if (!label) throw notFound();
  return label;
}

function issueLabels({ call, world, repository }: RepositoryCall) {
  return labelViews(world, repository, issueOf(repository, call.number('issue_number')));
}

async function changeLabels(of: RepositoryCall, change: typeof addLabels): Promise<Answer> {
  const { call, world, repository } = of;
  const issue = issueOf(repository, call.number('issue_number'));
  await change(world, repository, { actor: call.actor, issue, names: call.read(NamesBody) });
  return ok(issueLabels(of));
}

const LabelBody = z.object({
  name: z.string(),
  color: z.string().default('ededed'),
  description: z.string().nullish(),
});

const LabelPatch = z.object({
  new_name: z.string().optional(),
  color: z.string().optional(),
  description: z.string().nullish(),
});

function patchLabel(of: RepositoryCall): Answer {
  const { call, world, repository } = of;
  const label = labelOf(of);
  const body = call.read(LabelPatch);
  const old = label.name;
  label.name = body.new_name ?? label.name;
  label.color = body.color ?? label.color;
  if (body.description !== undefined) label.description = body.description;
  for (const issue of repository.issues.values()) {
    issue.labels = issue.labels.map((name) => (name === old ? label.name : name));
  }
  return ok(labelView(world, repository, label));
}

export const labelRoutes: readonly Route[] = [
  repositoryRoute('GET /labels', needs.readIssues, ({ call, world, repository }) =>
    listPage(call, repository.labels, (label) => labelView(world, repository, label)),
  ),
  repositoryRoute('POST /labels', { ...needs.triage, role: 'write' }, ({ call, world, repository }) => {
    const { name, color, description } = call.read(LabelBody);
    const label = createLabel(world, repository, { name, color, description: description ?? null });
    return created(labelView(world, repository, label));
  }),
  repositoryRoute('GET /labels/{name}', needs.readIssues, (of) => ok(labelView(of.world, of.repository, labelOf(of)))),
  repositoryRoute('PATCH /labels/{name}', { ...needs.triage, role: 'write' }, patchLabel),
  repositoryRoute('DELETE /labels/{name}', { ...needs.triage, role: 'write' }, (of) => {
    deleteLabel(of.repository, labelOf(of));
    return noContent;
  }),
  repositoryRoute('GET /issues/{issue_number}/labels', needs.readIssue, (of) =>
    listPage(of.call, issueLabels(of), (label) => label),
  ),
  repositoryRoute('POST /issues/{issue_number}/labels', needs.labelIssue, (of) => changeLabels(of, addLabels)),
  repositoryRoute('PUT /issues/{issue_number}/labels', needs.labelIssue, (of) => changeLabels(of, setLabels)),
  repositoryRoute('DELETE /issues/{issue_number}/labels', needs.labelIssue, async ({ call, world, repository }) => {
    const issue = issueOf(repository, call.number('issue_number'));
    await setLabels(world, repository, { actor: call.actor, issue, names: [] });
    return noContent;
  }),
  repositoryRoute('DELETE /issues/{issue_number}/labels/{name}', needs.labelIssue, async (of) => {
    const { call, world, repository } = of;
    const issue = issueOf(repository, call.number('issue_number'));
    await removeLabel(world, repository, { actor: call.actor, issue, name: call.parameter('name') });
    return ok(issueLabels(of));
  }),
];
