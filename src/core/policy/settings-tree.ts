// Nested settings as they come from a file, before anybody knows whether they are right. Changed in place.

export type SettingsTree = Record<string, unknown>;

function isTree(value: unknown): value is SettingsTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readAt(tree: unknown, path: readonly (string | number)[]): unknown {
  let value = tree;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else value = isTree(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/** Sets the value of a key whose sections are there; undefined takes the key away. */
export function setAt(tree: SettingsTree, key: readonly string[], value: unknown): void {
  const last = key.at(-1);
  const section = readAt(tree, key.slice(0, -1));
  if (last === undefined || !isTree(section)) return;
  if (value === undefined) delete section[last];
  else section[last] = structuredClone(value);
}

/** Gives the tree what it does not have itself, section by section. Lists are whole values. */
export function fillFrom(tree: SettingsTree, below: SettingsTree): void {
  for (const [key, value] of Object.entries(below)) {
    const own = Object.hasOwn(tree, key) ? tree[key] : undefined;
    if (own === undefined) tree[key] = structuredClone(value);
    else if (isTree(own) && isTree(value)) fillFrom(own, value);
  }
}

/** The keys that hold values, with the sections above them. */
export function listKeys(tree: SettingsTree): readonly string[][] {
  return Object.entries(tree).flatMap(([name, value]) =>
    isTree(value) ? Object.keys(value).map((key) => [name, key]) : [[name]],
  );
}
