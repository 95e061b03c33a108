// Makes a request schema refuse properties it does not name, so that a typo in a request is found. GitHub ignores
// unknown properties, and its schemas allow them. Not for responses: there GitHub may add properties at any time.
import { combinators, type JsonSchema } from './json-schema.ts';

/** `resolve` looks up a `$ref`; the closed schema holds no reference, since others use the open definition. */
export function closeRequest(schema: JsonSchema, resolve: (ref: string) => JsonSchema): JsonSchema {
  const close = (node: JsonSchema): JsonSchema => closeNode(node, 'whole');
  return close(schema);

  function closeNode(original: JsonSchema, place: 'whole' | 'branch'): JsonSchema {
    const node = original.$ref === undefined ? { ...original } : { ...resolve(original.$ref) };
    const named = namedProperties(node, resolve);
    if (node.properties) {
      node.properties = Object.fromEntries(
        Object.entries(node.properties).map(([name, child]) => [name, close(child)]),
      );
    }
    if (node.items) node.items = close(node.items);
    for (const combinator of combinators) {
      const branches = node[combinator];
      if (branches) node[combinator] = branches.map((branch) => closeNode(branch, 'branch'));
    }
    if (node.additionalProperties === true) delete node.additionalProperties;
    // A branch sees only its own properties, so only the node that holds all branches can tell what is unknown.
    if (place === 'branch' || node.additionalProperties !== undefined || named.length === 0) return node;
    const anything = Object.fromEntries(named.map((name) => [name, {}]));
    return { ...node, properties: { ...anything, ...node.properties }, additionalProperties: false };
  }
}

function namedProperties(schema: JsonSchema, resolve: (ref: string) => JsonSchema): string[] {
  const node = schema.$ref === undefined ? schema : resolve(schema.$ref);
  const branches = combinators.flatMap((combinator) => node[combinator] ?? []);
  return [...Object.keys(node.properties ?? {}), ...branches.flatMap((branch) => namedProperties(branch, resolve))];
}
