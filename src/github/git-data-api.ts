// Commits that are made of text, without a clone: Git's objects by the API.
import type { GitHubPort, PathEntry } from '../engine/port/github.ts';
import { call } from './call.ts';
import type { OctokitPool } from './octokit-pool.ts';
import { statusOf } from './to-external-error.ts';

type GitDataApi = Pick<GitHubPort, 'readEntry' | 'createCommit' | 'moveBranch'>;

const bytesAtMost = 1_000_000;
const folderMode = '040000';
const kinds: Readonly<Record<string, string>> = {
  '120000': 'a link',
  '160000': 'a submodule',
  [folderMode]: 'a folder',
};

export function createGitDataApi(pool: OctokitPool): GitDataApi {
  return {
    // The contents of a path would be those of where a link leads.
    async readEntry(repository, path, commit) {
      const { owner, name: repo } = repository;
      const { git } = pool.of(repository).rest;
      const names = path.split('/');
      let tree = commit;
      for (const [depth, name] of names.entries()) {
        const { data } = await call('list a folder', () => git.getTree({ owner, repo, tree_sha: tree }));
        const entry = data.tree.find((one) => one.path === name);
        if (!entry && data.truncated) return { kind: 'other', what: 'in a folder that is too large' };
        if (!entry) return { kind: 'absent' };
        const isLast = depth === names.length - 1;
        if (isLast && entry.type === 'blob' && entry.mode !== '120000') {
          if ((entry.size ?? 0) > bytesAtMost) return { kind: 'other', what: 'too large' };
          const blob = await call(`read ${path}`, () => git.getBlob({ owner, repo, file_sha: entry.sha }));
          return toFile(Buffer.from(blob.data.content, 'base64'), entry.mode === '100755');
        }
        if (isLast) return { kind: 'other', what: kinds[entry.mode] ?? 'no file' };
        if (entry.mode !== folderMode) return { kind: 'other', what: `below ${kinds[entry.mode] ?? 'a file'}` };
        tree = entry.sha;
      }
      return { kind: 'absent' };
    },

    async createCommit(repository, { parent, message, path, isExecutable, kept, added }) {
      const { owner, name: repo } = repository;
      const { git } = pool.of(repository).rest;
      const before = await call('read a commit', () => git.getCommit({ owner, repo, commit_sha: parent }));
      const file = {
        path,
        mode: isExecutable ? '100755' : '100644',
        type: 'blob',
        content: `${kept}${added}`,
      } as const;
      const tree = await call('write a tree', () =>
        git.createTree({ owner, repo, base_tree: before.data.tree.sha, tree: [file] }),
      );
      const { data } = await call('write a commit', () =>
        git.createCommit({ owner, repo, message, tree: tree.data.sha, parents: [parent] }),
      );
      return data.sha;
    },

    async moveBranch(repository, { branch, from, to: sha }) {
      const { owner, name: repo } = repository;
      const { git } = pool.of(repository).rest;
      try {
        if (from === undefined) await git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha });
        else await git.updateRef({ owner, repo, ref: `heads/${branch}`, sha, force: false });
        return true;
      } catch (error) {
        if (isElsewhere(error)) return false;
        return await call('move a branch', () => Promise.reject(error));
      }
    },
  };
}

function toFile(bytes: Buffer, isExecutable: boolean): PathEntry {
  const text = bytes.toString('utf8');
  // What would not come back as it was is not for us to write.
  if (!Buffer.from(text, 'utf8').equals(bytes) || text.includes('\0')) return { kind: 'other', what: 'no text' };
  return { kind: 'file', text, isExecutable };
}

/** Rules of the repository answer with 422 as well, and those do not change by looking again. */
function isElsewhere(error: unknown): boolean {
  const status = statusOf(error);
  if (status === 409) return true;
  const said = /already exists|not a fast.?forward|reference does not exist/i;
  return status === 422 && error instanceof Error && said.test(error.message);
}
