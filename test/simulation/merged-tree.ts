// What merging gives, remembered: the invariants ask after every step, of the same few commits.
import { type Objects, type Tree, treeIdOf } from './objects.ts';

const merged = new WeakMap<Objects, Map<string, Tree | undefined>>();
const ids = new WeakMap<Tree, string>();

/** Undefined where they conflict. */
export function findMergedTree(objects: Objects, base: string, head: string): Tree | undefined {
  const known = merged.get(objects) ?? new Map<string, Tree | undefined>();
  merged.set(objects, known);
  const key = `${base} ${head}`;
  if (!known.has(key)) {
    const result = objects.merge(base, head);
    known.set(key, 'tree' in result ? result.tree : undefined);
  }
  return known.get(key);
}

export function toTreeId(tree: Tree): string {
  const id = ids.get(tree) ?? treeIdOf(tree);
  ids.set(tree, id);
  return id;
}
