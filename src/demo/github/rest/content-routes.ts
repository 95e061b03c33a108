// Files and folders at a commit.
import { resolveCommit } from '../git/refs.ts';
import { readBlob, readTree, readTreeEntry, type TreeEntry } from '../git/tree.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { repositoryApiUrl, repositoryHtmlUrl } from '../view/repository-view.ts';
import type { RepositoryCall } from './call.ts';
import { type Answer, needs, ok, type Route, repositoryRoute } from './route.ts';

interface Place {
  readonly ref: string;
  readonly path: string;
}

function entryView(world: World, repository: Repository, of: Place & { entry: TreeEntry }) {
  const { ref, entry } = of;
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const self = `${repositoryApiUrl(world, repository)}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const kind = { blob: 'file', tree: 'dir', commit: 'submodule' }[entry.kind];
  const git = `${repositoryApiUrl(world, repository)}/git/${entry.kind === 'tree' ? 'trees' : 'blobs'}/${entry.sha}`;
  const html = `${repositoryHtmlUrl(world, repository)}/${entry.kind === 'tree' ? 'tree' : 'blob'}/${ref}/${path}`;
  return {
    type: entry.mode === '120000' ? 'symlink' : kind,
    size: entry.sizeBytes ?? 0,
    name: entry.path.slice(entry.path.lastIndexOf('/') + 1),
    path: entry.path,
    sha: entry.sha,
    url: self,
    git_url: git,
    html_url: html,
    download_url: entry.kind === 'blob' ? `${repositoryHtmlUrl(world, repository)}/raw/${ref}/${path}` : null,
    _links: { self, git, html },
  };
}

/** GitHub leaves out the content of files above this size, and refuses them above the next. */
const maxInlineBytes = 1_000_000;
const maxFileBytes = 100_000_000;

async function fileAnswer(of: RepositoryCall, place: Place & { entry: TreeEntry }): Promise<Answer> {
  const { call, world, repository } = of;
  const bytes = (await readBlob(repository.git, place.entry.sha)) ?? Buffer.alloc(0);
  if (bytes.byteLength > maxFileBytes) throw new Refusal(403, 'This API returns blobs up to 100 MB in size.');
  if (call.wants('raw')) return rawAnswer(bytes);
  const view = entryView(world, repository, place);
  const inline = bytes.byteLength <= maxInlineBytes;
  return ok({ ...view, encoding: inline ? 'base64' : 'none', content: inline ? wrapBase64(bytes) : '' });
}

export function rawAnswer(bytes: Uint8Array): Answer {
  return { status: 200, text: { content: bytes, type: 'application/vnd.github.raw; charset=utf-8' } };
}

/** GitHub breaks base64 into lines of 60, each with its line break. */
export function wrapBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{1,60}/g, '$&\n');
}

async function getContents(of: RepositoryCall, path: string): Promise<Answer> {
  const { call, world, repository } = of;
  const ref = call.query.get('ref') ?? repository.defaultBranch;
  const commit = await resolveCommit(repository.git, ref);
  if (commit === undefined) throw new Refusal(404, `No commit found for the ref ${ref}`);
  const clean = path.replace(/^\/+|\/+$/g, '');
  const entry = clean === '' ? undefined : await readTreeEntry(repository.git, commit, clean);
  if (clean !== '' && !entry) throw new Refusal(404, 'Not Found');
  const place = { ref, path: clean };
  if (entry && entry.kind !== 'tree') return fileAnswer(of, { ...place, entry });
  const entries = (await readTree(repository.git, commit, { folder: clean })) ?? [];
  return ok(entries.map((one) => entryView(world, repository, { ...place, entry: one })));
}

export const contentRoutes: readonly Route[] = [
  repositoryRoute('GET /contents/{path}', needs.readContents, (of) => getContents(of, of.call.parameter('path'))),
  repositoryRoute('GET /contents', needs.readContents, (of) => getContents(of, '')),
];
