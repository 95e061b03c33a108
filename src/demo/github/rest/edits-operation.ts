// When the text of an issue or pull request was edited.
import { z } from 'zod';
import { editsQuery } from '../../../github/edits-query.ts';
import { findRepository } from '../state/find.ts';
import type { Issue } from '../state/issue.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import { iso, isoOrNull } from '../view/format.ts';
import { allows, reaches } from './authorize.ts';
import type { GraphqlCall, GraphqlOperation } from './graphql-operation.ts';

const Variables = z.object({ owner: z.string(), name: z.string(), number: z.number() });

export const editsOperation: GraphqlOperation = {
  name: 'readEdits',
  document: editsQuery,
  isWrite: false,
  perform({ world, caller, variables }: GraphqlCall) {
    const { owner, name, number } = Variables.parse(variables);
    const repository = findRepository(world, `${owner}/${name}`);
    if (!repository || (caller.kind === 'installation' && !reaches(caller, repository))) throw notFound();
    const issue = repository.issues.get(number);
    const permission = issue?.pull ? 'pull_requests' : 'issues';
    if (caller.kind === 'installation' && !allows(caller.token.permissions, permission, 'read'))
      throw new Refusal(403, 'Resource not accessible by integration');
    if (!issue) throw notFound();
    return { repository: { issueOrPullRequest: toView(issue) } };
  },
};

function toView({ createdAt, editedAt, events }: Issue) {
  const labelled = events.flatMap(({ kind, at, actor, label }) =>
    kind === 'labeled' ? [{ createdAt: iso(at), actor: { login: actor }, label: { name: label?.name } }] : [],
  );
  const renamed = events.flatMap(({ kind, at }) => (kind === 'renamed' ? [{ createdAt: iso(at) }] : []));
  return {
    createdAt: iso(createdAt),
    lastEditedAt: isoOrNull(editedAt),
    renamed: { nodes: renamed.slice(-1) },
    labelled: { nodes: labelled.slice(-50) },
  };
}
