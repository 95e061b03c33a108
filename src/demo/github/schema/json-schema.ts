import { z } from 'zod';

/** A JSON Schema node, as far as the slice needs to look into it. */
export interface JsonSchema {
  [keyword: string]: unknown;
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  allOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  not?: JsonSchema;
}

export const combinators = ['allOf', 'anyOf', 'oneOf'] as const;

/** Parses only the outermost shape: the content comes from GitHub's own packages and from our build script. */
export const JsonSchema = z.custom<JsonSchema>((value) => typeof value === 'object' && value !== null);

/** Copies a schema node with every directly contained schema replaced by `change(child)`. */
export function mapChildren(schema: JsonSchema, change: (child: JsonSchema) => JsonSchema): JsonSchema {
  const copy: JsonSchema = { ...schema };
  if (schema.properties) {
    copy.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, child]) => [name, change(child)]),
    );
  }
  if (schema.items) copy.items = change(schema.items);
  if (schema.not) copy.not = change(schema.not);
  if (typeof schema.additionalProperties === 'object') copy.additionalProperties = change(schema.additionalProperties);
  for (const combinator of combinators) {
    const branches = schema[combinator];
    if (branches) copy[combinator] = branches.map(change);
  }
  return copy;
}
