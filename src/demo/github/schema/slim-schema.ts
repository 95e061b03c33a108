// Reduces a schema of GitHub's OpenAPI documents to what a JSON Schema validator needs: keywords that only document
// are dropped, and OpenAPI 3.0's `nullable` becomes a real null type (validators ignore or reject it otherwise).
import { combinators, type JsonSchema, mapChildren } from './json-schema.ts';

const keptKeywords = new Set([
  '$ref',
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  ...combinators,
  'not',
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'maxProperties',
]);

export function slimSchema(schema: JsonSchema): JsonSchema {
  const kept: JsonSchema = Object.fromEntries(Object.entries(schema).filter(([keyword]) => keptKeywords.has(keyword)));
  if (kept.required?.length === 0) delete kept.required;
  // One order everywhere, so that parts which differ only in it are found equal.
  if (kept.required) kept.required = kept.required.toSorted();
  if (kept.properties) kept.properties = Object.fromEntries(Object.entries(kept.properties).toSorted(byName));
  const slim = mapChildren(kept, slimSchema);
  return schema.nullable === true ? allowNull(slim) : slim;
}

function allowNull(schema: JsonSchema): JsonSchema {
  const isCombined = schema.$ref !== undefined || combinators.some((combinator) => schema[combinator] !== undefined);
  if (isCombined) return { anyOf: [{ type: 'null' }, schema] };
  if (schema.type === undefined) return schema.enum ? { anyOf: [{ type: 'null' }, schema] } : schema;
  const nullable: JsonSchema = { ...schema, type: [schema.type, 'null'].flat() };
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) nullable.enum = [...schema.enum, null];
  return nullable;
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}
