// Commits and trees as values, named by their content: one such database is GitHub's, and each host has a mirror.
import { createHash } from 'node:crypto';

export type Tree = ReadonlyMap<string, string>;

export interface Commit {
  readonly id: string;
  readonly treeId: string;
  readonly tree: Tree;
  readonly parents: readonly string[];
  readonly message: string;
}

export interface Objects {
  /** Two commits of the same content are two unless they were made at the same moment, as with git. */
  commit(tree: Tree, parents: readonly string[], message: string, at: number): Commit;
  find(id: string): Commit | undefined;
  get(id: string): Commit;
  /** The commit and everything behind it. */
  ancestry(id: string): ReadonlySet<string>;
  isAncestor(ancestor: string, descendant: string): boolean;
  /** The newest commit that both stand on. */
  findMergeBase(one: string, other: string): string | undefined;
  merge(ours: string, theirs: string): { readonly tree: Tree } | { readonly conflicts: readonly string[] };
}

export function hashText(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

export function treeIdOf(tree: Tree): string {
  return hashText(JSON.stringify([...tree].sort(([a], [b]) => (a < b ? -1 : 1))));
}

export function createObjects(): Objects {
  const commits = new Map<string, Commit>();
  const ancestries = new Map<string, ReadonlySet<string>>();

  const get = (id: string): Commit => {
    const commit = commits.get(id);
    if (!commit) throw new Error(`there is no commit ${id}`);
    return commit;
  };

  const ancestry = (id: string): ReadonlySet<string> => {
    const known = ancestries.get(id);
    if (known) return known;
    const all = new Set([id]);
    for (const parent of get(id).parents) for (const older of ancestry(parent)) all.add(older);
    ancestries.set(id, all);
    return all;
  };

  /** Parents come before children in the map, so the last common one has no common descendant. */
  const findMergeBase = (a: string, b: string): string | undefined => {
    const common = ancestry(a);
    const other = ancestry(b);
    return [...commits.keys()].findLast((id) => common.has(id) && other.has(id));
  };

  return {
    find: (id) => commits.get(id),
    get,
    ancestry,
    isAncestor: (ancestor, descendant) => ancestry(descendant).has(ancestor),
    findMergeBase,

    commit(tree, parents, message, at) {
      const treeId = treeIdOf(tree);
      const id = hashText(JSON.stringify([treeId, parents, message, at]));
      const known = commits.get(id);
      if (known) return known;
      const commit = { id, treeId, tree, parents, message };
      commits.set(id, commit);
      return commit;
    },

    merge(ours, theirs) {
      const common = findMergeBase(ours, theirs);
      const base: Tree = common === undefined ? new Map() : get(common).tree;
      const [left, right] = [get(ours).tree, get(theirs).tree];
      const tree = new Map<string, string>();
      const conflicts: string[] = [];
      for (const path of new Set([...left.keys(), ...right.keys()])) {
        const [before, a, b] = [base.get(path), left.get(path), right.get(path)];
        const merged = a === b || b === before ? a : a === before ? b : undefined;
        if (a !== b && a !== before && b !== before) conflicts.push(path);
        else if (merged !== undefined) tree.set(path, merged);
      }
      return conflicts.length > 0 ? { conflicts } : { tree };
    },
  };
}
