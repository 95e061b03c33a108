// Git without git: one mirror for each host, GitHub behind it, and workspaces as files in memory.

import { ExternalError } from '../../src/engine/external-error.ts';
import type { DiffStat, GitPort, TreeDiff } from '../../src/engine/port/git.ts';
import type { Hub } from './hub.ts';
import type { Commit, Tree } from './objects.ts';

/** One machine: what processes on it share, and what no other machine sees. */
export interface Host {
  readonly mirror: Set<string>;
  readonly refs: Map<string, string>;
  readonly workspaces: Map<string, Map<string, string>>;
  /** The commit that each of them was made from. */
  readonly heads: Map<string, string>;
  /** What the agent of a workspace was told, as far as it keeps that. */
  readonly homes: Map<string, string[]>;
}

export function createHost(): Host {
  return { mirror: new Set(), refs: new Map(), workspaces: new Map(), heads: new Map(), homes: new Map() };
}

export function createSimulatedGit(
  hub: Hub,
  host: Host,
  onCheckout: (folder: string, commit: string) => void,
): GitPort {
  const { objects } = hub;
  const isKnown = (commit: string) => host.mirror.has(commit);
  const take = (commit: string) => {
    for (const id of objects.ancestry(commit)) host.mirror.add(id);
  };
  const read = (commit: string): Commit => {
    if (!isKnown(commit)) throw new ExternalError({ system: 'git', message: `bad object ${commit}`, retry: 'soon' });
    return objects.get(commit);
  };
  const workspaceAt = (folder: string): Map<string, string> => {
    const files = host.workspaces.get(folder);
    if (!files) throw new Error(`there is no workspace ${folder}`);
    return files;
  };

  return {
    async fetch(_repository, _token, ref) {
      const heads = [...hub.branches.values(), ...[...hub.pulls.values()].map((pull) => hub.headOf(pull))];
      for (const head of heads) take(head);
      return (
        hub.branches.get(ref) ??
        (heads.some((head) => objects.find(ref) && objects.isAncestor(ref, head)) ? ref : undefined)
      );
    },

    async checkout(_repository, commit, folder) {
      onCheckout(folder, commit);
      host.workspaces.set(folder, new Map(read(commit).tree));
      host.heads.set(folder, commit);
    },

    async capture({ base, message, openSandbox }) {
      const sandbox = await openSandbox();
      await sandbox.dispose();
      const before = read(base);
      const tree = workspaceAt(folderOf(sandbox));
      const diff = compare(before.tree, tree);
      if (diff.changed.length === 0) return { kind: 'unchanged' };
      const commit = objects.commit(new Map(tree), [base], message, hub.now());
      take(commit.id);
      return { kind: 'captured', commit: commit.id, tree: commit.treeId, ...diff };
    },

    async merge({ ours, theirs, message }) {
      const [a, b] = [read(ours), read(theirs)];
      const merged = objects.merge(a.id, b.id);
      if ('conflicts' in merged) return { kind: 'conflict', paths: merged.conflicts };
      const commit = objects.commit(merged.tree, [a.id, b.id], message, hub.now());
      take(commit.id);
      return { kind: 'merged', commit: commit.id, tree: commit.treeId };
    },

    async markConflict({ ours, theirs }) {
      const [a, b] = [read(ours), read(theirs)];
      const merged = objects.merge(a.id, b.id);
      const isClean = !('conflicts' in merged);
      const tree = isClean ? merged.tree : mark(a.tree, b.tree, merged.conflicts);
      const parents = isClean ? [a.id, b.id] : [a.id];
      const commit = objects.commit(tree, parents, 'Both sides', hub.now());
      take(commit.id);
      return isClean
        ? { kind: 'merged', commit: commit.id, tree: commit.treeId }
        : { kind: 'conflict', commit: commit.id, paths: merged.conflicts };
    },

    async commitAnew({ from, reset, parents, message }) {
      const tree = new Map([...read(from).tree].filter(([path]) => !reset.paths.includes(path)));
      for (const [path, text] of read(reset.to).tree) if (reset.paths.includes(path)) tree.set(path, text);
      const commit = objects.commit(tree, parents, message, hub.now());
      take(commit.id);
      return { commit: commit.id, tree: commit.treeId };
    },

    async commitFiles({ from, files, parents, message }) {
      const tree = new Map(read(from).tree);
      for (const { path, content } of files) tree.set(path, Buffer.from(content).toString('utf8'));
      const commit = objects.commit(tree, parents, message, hub.now());
      take(commit.id);
      return { commit: commit.id, tree: commit.treeId };
    },

    async updateRef(_repository, ref, to, from) {
      if (host.refs.get(ref) !== from) return false;
      if (to === undefined) host.refs.delete(ref);
      else host.refs.set(ref, to);
      return true;
    },

    readRef: async (_repository, ref) => host.refs.get(ref),

    listRefs: async (_repository, folder) =>
      [...host.refs].flatMap(([name, commit]) => (name.startsWith(`${folder}/`) ? [{ name, commit }] : [])),

    async push({ commit, branch, expected }) {
      const head = read(commit);
      const actual = hub.branches.get(branch);
      if (actual !== expected) return { kind: 'moved', actual };
      hub.push(branch, head.id, 'gatepilot[bot]');
      return { kind: 'pushed' };
    },

    diff: async (_repository, base, head) => compare(read(base).tree, read(head).tree),
    treeOf: async (_repository, commit) => (isKnown(commit) ? objects.get(commit).treeId : undefined),
    isAncestor: async (_repository, ancestor, descendant) => objects.isAncestor(read(ancestor).id, read(descendant).id),
    readFile: async (_repository, commit, path) => read(commit).tree.get(path),
    async readBytes(_repository, commit, path) {
      const text = read(commit).tree.get(path);
      return text === undefined ? undefined : Buffer.from(text);
    },
    mergeBase: async (_repository, one, other) => objects.findMergeBase(read(one).id, read(other).id),

    async identifyFiles(_repository, commit, paths) {
      const { tree } = read(commit);
      return paths.flatMap((path) => (tree.has(path) ? [{ path, id: tree.get(path) ?? '' }] : []));
    },

    async listFiles(_repository, commit, maxPaths, folder = '') {
      const paths = [...read(commit).tree.keys()]
        .filter((path) => folder === '' || path.startsWith(`${folder}/`))
        .sort();
      return { paths: paths.slice(0, maxPaths), total: paths.length };
    },

    exportBundle: async (_repository, _base, commit) => Buffer.from(`bundle ${read(commit).id}`),

    async importBundle(_repository, bundle, commit) {
      const named = Buffer.from(bundle).toString('utf8').split(' ')[1] ?? '';
      if (!objects.find(named) || !objects.isAncestor(commit, named)) throw new Error(`the bundle lacks ${commit}`);
      take(named);
    },
    removeMirror: async () => host.mirror.clear(),
  };
}

/** What both have, and both sides of what conflicts between git's marks. */
function mark(ours: Tree, theirs: Tree, conflicts: readonly string[]): Tree {
  const tree = new Map([...theirs, ...ours]);
  for (const path of conflicts)
    tree.set(path, `<<<<<<< ours\n${ours.get(path) ?? ''}=======\n${theirs.get(path) ?? ''}>>>>>>> theirs\n`);
  return tree;
}

function folderOf(sandbox: object): string {
  return 'folder' in sandbox ? String(sandbox.folder) : '';
}

function compare(before: Tree, after: Tree): TreeDiff {
  const changed: { path: string; status: 'added' | 'modified' | 'deleted' }[] = [];
  for (const [path, text] of after) {
    const old = before.get(path);
    if (old === undefined) changed.push({ path, status: 'added' });
    else if (old !== text) changed.push({ path, status: 'modified' });
  }
  for (const path of before.keys()) if (!after.has(path)) changed.push({ path, status: 'deleted' });
  const stat: DiffStat = { files: changed.length, additions: changed.length, deletions: 0 };
  return { changed, stat, patch: changed.map(({ path, status }) => `${status} ${path}`).join('\n'), patchIsCut: false };
}
