// Git's objects by the API: blobs, trees, commits.
import { z } from 'zod';
import { signatureOf } from '../action/merge.ts';
import { readCommit, type Signature, writeCommit } from '../git/commit.ts';
import { isCommit } from '../git/refs.ts';
import { readBlob, readTree, type TreeChange, type TreeEntry, writeBlob, writeTree } from '../git/tree.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { gitCommitView } from '../view/commit-view.ts';
import { nodeId } from '../view/format.ts';
import { repositoryApiUrl } from '../view/repository-view.ts';
import type { RepositoryCall } from './call.ts';
import { rawAnswer, wrapBase64 } from './content-routes.ts';
import { type Answer, created, needs, ok, type Route, repositoryRoute } from './route.ts';

async function getBlob({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const sha = call.parameter('file_sha');
  const bytes = await readBlob(repository.git, sha);
  if (!bytes) throw notFound();
  if (call.wants('raw')) return rawAnswer(bytes);
  const url = `${repositoryApiUrl(world, repository)}/git/blobs/${sha}`;
  const content = wrapBase64(bytes);
  return ok({ sha, node_id: nodeId('Blob', sha), size: bytes.byteLength, url, content, encoding: 'base64' });
}

async function createBlob({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const body = call.read(z.object({ content: z.string(), encoding: z.enum(['utf-8', 'base64']).optional() }));
  const sha = await writeBlob(
    repository.git,
    Buffer.from(body.content, body.encoding === 'base64' ? 'base64' : 'utf8'),
  );
  return created({ sha, url: `${repositoryApiUrl(world, repository)}/git/blobs/${sha}` });
}

function treeView(world: World, repository: Repository, of: { sha: string; entries: readonly TreeEntry[] }) {
  const url = `${repositoryApiUrl(world, repository)}/git`;
  const folder = { blob: 'blobs', tree: 'trees', commit: 'commits' };
  return {
    sha: of.sha,
    url: `${url}/trees/${of.sha}`,
    truncated: false,
    tree: of.entries.map((entry) => ({
      path: entry.path,
      mode: entry.mode,
      type: entry.kind,
      sha: entry.sha,
      url: `${url}/${folder[entry.kind]}/${entry.sha}`,
      ...(entry.sizeBytes === undefined ? {} : { size: entry.sizeBytes }),
    })),
  };
}

/** Takes a tree, a commit or a branch. `recursive` counts by its presence, whatever it says. */
async function getTree({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const name = call.parameter('tree_sha');
  if (name.startsWith('-')) throw notFound();
  const entries = await readTree(repository.git, name, { recursive: call.query.has('recursive') });
  if (!entries) throw notFound();
  const sha = await repository.git.text(['rev-parse', `${name}^{tree}`]);
  return ok(treeView(world, repository, { sha, entries }));
}

const TreeBody = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string().min(1),
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']).default('100644'),
      type: z.enum(['blob', 'tree', 'commit']).optional(),
      sha: z.string().nullish(),
      content: z.string().optional(),
    }),
  ),
});

async function createTree({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const body = call.read(TreeBody);
  const changes = await Promise.all(
    body.tree.map(async ({ path, mode, sha, content }): Promise<TreeChange> => {
      if (mode === '040000') throw new Refusal(422, 'Sub-trees by SHA are not supported here: list their files');
      if (content !== undefined) return { path, mode, sha: await writeBlob(repository.git, content) };
      return { path, mode, sha: sha ?? null };
    }),
  );
  if (body.base_tree !== undefined && !(await readTree(repository.git, body.base_tree))) {
    throw new Refusal(422, 'base_tree is not a valid tree oid');
  }
  const sha = await writeTree(repository.git, body.base_tree, changes);
  return created(treeView(world, repository, { sha, entries: (await readTree(repository.git, sha)) ?? [] }));
}

const Person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });
const CommitBody = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: Person.optional(),
  committer: Person.optional(),
});

async function createCommit({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const body = call.read(CommitBody);
  const own = signatureOf(world, call.actor.login);
  const sign = (person: z.output<typeof Person> | undefined): Signature =>
    person ? { name: person.name, email: person.email, date: person.date ?? own.date } : own;
  for (const parent of body.parents) {
    if (!(await isCommit(repository.git, parent)))
      throw new Refusal(422, 'Parent SHA does not exist or is not a commit object');
  }
  if (!(await readTree(repository.git, body.tree))) throw new Refusal(422, 'Tree SHA does not exist');
  const author = sign(body.author);
  const committer = body.committer ? sign(body.committer) : author;
  const sha = await writeCommit(repository.git, { ...body, author, committer });
  return created(gitCommitView(world, repository, await readCommit(repository.git, sha)));
}

export const gitObjectRoutes: readonly Route[] = [
  repositoryRoute('GET /git/blobs/{file_sha}', needs.readContents, getBlob),
  repositoryRoute('POST /git/blobs', needs.writeContents, createBlob),
  repositoryRoute('GET /git/trees/{tree_sha}', needs.readContents, getTree),
  repositoryRoute('POST /git/trees', needs.writeContents, createTree),
  repositoryRoute('GET /git/commits/{commit_sha}', needs.readContents, async ({ call, world, repository }) => {
    const sha = call.parameter('commit_sha');
    if (!(await isCommit(repository.git, sha))) throw notFound();
    return ok(gitCommitView(world, repository, await readCommit(repository.git, sha)));
  }),
  repositoryRoute('POST /git/commits', needs.writeContents, createCommit),
];
