import { type JsonSchema, mapChildren } from './json-schema.ts';
import { slimSchema } from './slim-schema.ts';

const componentPrefix = '#/components/schemas/';

/** Gathers the schemas of a slice, and with each the components it refers to, slimmed and renamed to `$defs`. */
export interface DefinitionCollector {
  definitions: Record<string, JsonSchema>;
  add(name: string, schema: JsonSchema): void;
  /** The slimmed component behind a `#/$defs/…` reference of a schema that was prepared here. */
  resolve(ref: string): JsonSchema;
  /** Slims a schema and moves its references to `$defs`, without adding it. */
  prepare(schema: JsonSchema): JsonSchema;
}

export function createDefinitionCollector(components: Readonly<Record<string, JsonSchema>>): DefinitionCollector {
  const definitions: Record<string, JsonSchema> = {};

  function prepare(schema: JsonSchema): JsonSchema {
    return renameReferences(slimSchema(schema));
  }

  function resolve(ref: string): JsonSchema {
    const name = ref.slice('#/$defs/'.length);
    const component = components[name];
    if (component === undefined) throw new Error(`the document has no schema ${name}`);
    return prepare(component);
  }

  function add(name: string, schema: JsonSchema): void {
    definitions[name] = schema;
    for (const ref of findReferences(schema)) {
      const referred = ref.slice('#/$defs/'.length);
      if (definitions[referred] === undefined) add(referred, resolve(ref));
    }
  }

  return { definitions, add, resolve, prepare };
}

function renameReferences(schema: JsonSchema): JsonSchema {
  const renamed = mapChildren(schema, renameReferences);
  if (renamed.$ref?.startsWith(componentPrefix)) renamed.$ref = `#/$defs/${renamed.$ref.slice(componentPrefix.length)}`;
  return renamed;
}

function findReferences(schema: JsonSchema): string[] {
  const found = schema.$ref === undefined ? [] : [schema.$ref];
  mapChildren(schema, (child) => {
    found.push(...findReferences(child));
    return child;
  });
  return found;
}
