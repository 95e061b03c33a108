import { z } from 'zod';
import { updateIssue } from '../action/issue.ts';
import { mergePull } from '../action/merge.ts';
import { createPull, retargetPull } from '../action/pull.ts';
import { computeMergeability, readSides } from '../action/pull-state.ts';
import { readCommits } from '../git/commit.ts';
import { readDiff, readFileDiffs } from '../git/diff.ts';
import { type PullIssue, pullOf, pullsOf } from '../state/find.ts';
import { notFound } from '../state/refusal.ts';
import { commitView, fileDiffView } from '../view/commit-view.ts';
import { pullView, simplePullView } from '../view/pull-view.ts';
import type { RepositoryCall } from './call.ts';
import { diffAnswer } from './commit-routes.ts';
import { requireAuthor } from './issue-routes.ts';
import { listPage } from './paginate.ts';
import { type Answer, created, needs, noContent, ok, type Route, repositoryRoute } from './route.ts';

export function callPull({ call, repository }: RepositoryCall): PullIssue {
  return pullOf(repository, call.number('pull_number'));
}

/**
 * GitHub works out whether a pull request merges in the background, and says null until it has. Here the first reading
 * of each head and base says null, and the next one the answer.
 */
async function getPull(of: RepositoryCall): Promise<Answer> {
  const { call, world, repository } = of;
  const pull = callPull(of);
  if (call.wants('diff')) {
    const { mergeBase, headSha } = await readSides(repository, pull);
    return diffAnswer(await readDiff(repository.git, mergeBase, headSha));
  }
  const view = await pullView(world, repository, pull);
  if (pull.state === 'open') await computeMergeability(repository, pull);
  return ok(view);
}

function listPulls({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const state = call.query.get('state') ?? 'open';
  const head = call.query.get('head')?.toLowerCase();
  const base = call.query.get('base');
  const found = pullsOf(repository).filter(
    (issue) =>
      world.isListed(issue.createdAt) &&
      (state === 'all' || issue.state === state) &&
      (head === undefined || `${issue.pull.head.owner}:${issue.pull.head.ref}`.toLowerCase() === head) &&
      (base === null || issue.pull.baseRef === base),
  );
  const sort = call.query.get('sort');
  const key = sort === 'updated' ? 'updatedAt' : 'createdAt';
  const oldestFirst = found.toSorted((one, other) => one[key] - other[key] || one.number - other.number);
  // Without a sort the newest is first; with one, too, unless told otherwise.
  const list = call.query.get('direction') === 'asc' ? oldestFirst : oldestFirst.toReversed();
  return listPage(call, list, (issue) => simplePullView(world, repository, issue));
}

const CreateBody = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
  maintainer_can_modify: z.boolean().default(true),
});

async function postPull({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const { maintainer_can_modify: maintainerCanModify, body, ...rest } = call.read(CreateBody);
  const pull = { ...rest, body: body ?? null, maintainerCanModify };
  const issue = await createPull(world, repository, { actor: call.actor, pull });
  return created(await pullView(world, repository, issue));
}

const UpdateBody = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

async function patchPull(of: RepositoryCall): Promise<Answer> {
  const { call, world, repository } = of;
  const pull = callPull(of);
  const { base, title, body, state } = call.read(UpdateBody);
  requireAuthor(call, repository, pull.author);
  const { actor } = call;
  if (base !== undefined) await retargetPull(world, repository, { actor, pull, base });
  const change = {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(state === undefined ? {} : { state }),
  };
  await updateIssue(world, repository, { actor, issue: pull, change });
  return ok(await pullView(world, repository, pull));
}

const MergeBody = z.object({
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});

async function putMerge(of: RepositoryCall): Promise<Answer> {
  const { call, world, repository } = of;
  const body = call.read(MergeBody);
  const sha = await mergePull(world, repository, {
    actor: call.actor,
    pull: callPull(of),
    method: body.merge_method,
    sha: body.sha,
    title: body.commit_title,
    message: body.commit_message,
  });
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

async function listFiles(of: RepositoryCall): Promise<Answer> {
  const { call, world, repository } = of;
  const { mergeBase, headSha } = await readSides(repository, callPull(of));
  const files = await readFileDiffs(repository.git, mergeBase, headSha);
  return listPage(call, files, (file) => fileDiffView(world, repository, { sha: headSha, file }));
}

async function listCommits(of: RepositoryCall): Promise<Answer> {
  const { call, world, repository } = of;
  const { mergeBase, headSha } = await readSides(repository, callPull(of));
  const commits = await readCommits(repository.git, ['--reverse', '--max-count=250', `${mergeBase}..${headSha}`]);
  return listPage(call, commits, (commit) => commitView(world, repository, commit));
}

export const pullRoutes: readonly Route[] = [
  repositoryRoute('GET /pulls', needs.readPulls, listPulls),
  repositoryRoute('POST /pulls', needs.writePulls, postPull),
  repositoryRoute('GET /pulls/{pull_number}', needs.readPulls, getPull),
  repositoryRoute('PATCH /pulls/{pull_number}', needs.writePulls, patchPull),
  repositoryRoute('GET /pulls/{pull_number}/files', needs.readPulls, listFiles),
  repositoryRoute('GET /pulls/{pull_number}/commits', needs.readPulls, listCommits),
  // Merging writes the base branch, so an App needs contents; a person needs to be able to push.
  repositoryRoute('PUT /pulls/{pull_number}/merge', needs.writeContents, putMerge),
  repositoryRoute('GET /pulls/{pull_number}/merge', needs.readPulls, (of) => {
    if (callPull(of).pull.merged === null) throw notFound();
    return noContent;
  }),
];
