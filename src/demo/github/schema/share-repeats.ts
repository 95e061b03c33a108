// GitHub's documents spell the same nested schema out many times (every webhook repeats a whole pull request). This
// stores each repeated part once and refers to it, which makes the slice several times smaller.
import { type JsonSchema, mapChildren } from './json-schema.ts';

const minSharedBytes = 80;

/** Takes and returns named schemas; the names given stay valid, shared parts get names of their own. */
export function shareRepeats(schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  const uses = new Map<string, number>();
  for (const schema of Object.values(schemas)) countUses(schema, uses);

  const sharedNames = new Map<string, string>();
  const shared: Record<string, JsonSchema> = {};
  const share = (schema: JsonSchema): JsonSchema => {
    const text = JSON.stringify(schema);
    if (text.length < minSharedBytes || (uses.get(text) ?? 0) < 2) return mapChildren(schema, share);
    let name = sharedNames.get(text);
    if (name === undefined) {
      name = `s${sharedNames.size}`;
      sharedNames.set(text, name);
      shared[name] = mapChildren(schema, share);
    }
    return { $ref: `#/$defs/${name}` };
  };
  const named = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, share(schema)]));
  return { ...named, ...shared };
}

/** A part inside a repeated part counts once: it is stored once with it. */
function countUses(schema: JsonSchema, uses: Map<string, number>): void {
  const text = JSON.stringify(schema);
  const seen = uses.get(text) ?? 0;
  uses.set(text, seen + 1);
  if (seen > 0) return;
  mapChildren(schema, (child) => {
    countUses(child, uses);
    return child;
  });
}
