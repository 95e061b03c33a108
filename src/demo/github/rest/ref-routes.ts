// Git refs by the API.
import { z } from 'zod';
import { requirePushAllowed } from '../action/push-rule.ts';
import { changeRefs } from '../action/ref-change.ts';
import { compareAndSwapRef, isAncestor, isCommit, isValidRefName, readRef, readRefs } from '../git/refs.ts';
import { invalid, notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { nodeId } from '../view/format.ts';
import { repositoryApiUrl } from '../view/repository-view.ts';
import type { Schemas } from '../view/schema.ts';
import type { RepositoryCall } from './call.ts';
import { listPage } from './paginate.ts';
import { type Answer, created, needs, noContent, ok, type Route, repositoryRoute } from './route.ts';

function refView(world: World, repository: Repository, { ref, sha }: { ref: string; sha: string }): Schemas['git-ref'] {
  const url = repositoryApiUrl(world, repository);
  return {
    ref,
    node_id: nodeId('Ref', `${repository.id}:${ref}`),
    url: `${url}/git/${ref}`,
    object: { type: 'commit', sha, url: `${url}/git/commits/${sha}` },
  };
}

async function getRef({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const ref = `refs/${call.parameter('ref')}`;
  const sha = await readRef(repository.git, ref);
  if (sha === undefined) throw notFound();
  return ok(refView(world, repository, { ref, sha }));
}

async function matchingRefs({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const prefix = `refs/${call.parameter('ref')}`;
  const refs = [...(await readRefs(repository.git, ['refs']))].filter(([ref]) => ref.startsWith(prefix));
  return listPage(call, refs, ([ref, sha]) => refView(world, repository, { ref, sha }));
}

function branchOf(ref: string): string | undefined {
  return /^refs\/heads\/(.+)$/.exec(ref)?.[1];
}

async function createRef({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const { ref, sha } = call.read(z.object({ ref: z.string(), sha: z.string() }));
  const { git } = repository;
  if (!/^refs\/[^/]+\/./.test(ref) || !(await isValidRefName(git, ref))) {
    throw new Refusal(422, "Reference name must start with 'refs/' and contain at least two slashes");
  }
  if (!(await isCommit(git, sha))) throw new Refusal(422, 'Object does not exist');
  await changeRefs(world, repository, call.actor, async () => {
    const branch = branchOf(ref);
    if (branch !== undefined) {
      await requirePushAllowed(repository, { actor: call.actor, branch, before: undefined, after: sha });
    }
    if (!(await compareAndSwapRef(git, { ref, from: undefined, to: sha }))) {
      throw new Refusal(422, 'Reference already exists');
    }
  });
  return created(refView(world, repository, { ref, sha }));
}

async function updateRef({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const { sha, force } = call.read(z.object({ sha: z.string(), force: z.boolean().optional() }));
  const ref = `refs/${call.parameter('ref')}`;
  const { git } = repository;
  if (!(await isCommit(git, sha))) throw new Refusal(422, 'Object does not exist');
  await changeRefs(world, repository, call.actor, async () => {
    const before = await readRef(git, ref);
    if (before === undefined) throw new Refusal(422, 'Reference does not exist');
    const branch = branchOf(ref);
    if (branch !== undefined) await requirePushAllowed(repository, { actor: call.actor, branch, before, after: sha });
    if (force !== true && !(await isAncestor(git, before, sha))) throw new Refusal(422, 'Update is not a fast forward');
    if (!(await compareAndSwapRef(git, { ref, from: before, to: sha }))) throw new Refusal(409, 'Reference was moved');
  });
  return ok(refView(world, repository, { ref, sha }));
}

async function deleteRef({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const ref = `refs/${call.parameter('ref')}`;
  if (ref.startsWith('refs/pull/')) throw invalid({ resource: 'Reference', field: 'ref', code: 'invalid' });
  await changeRefs(world, repository, call.actor, async () => {
    const before = await readRef(repository.git, ref);
    if (before === undefined) throw new Refusal(422, 'Reference does not exist');
    const branch = branchOf(ref);
    if (branch !== undefined) {
      await requirePushAllowed(repository, { actor: call.actor, branch, before, after: undefined });
    }
    await compareAndSwapRef(repository.git, { ref, from: before, to: undefined });
  });
  return noContent;
}

export const refRoutes: readonly Route[] = [
  repositoryRoute('GET /git/ref/{ref}', needs.readContents, getRef),
  repositoryRoute('GET /git/matching-refs/{ref}', needs.readContents, matchingRefs),
  repositoryRoute('POST /git/refs', needs.writeContents, createRef),
  repositoryRoute('PATCH /git/refs/{ref}', needs.writeContents, updateRef),
  repositoryRoute('DELETE /git/refs/{ref}', needs.writeContents, deleteRef),
];
