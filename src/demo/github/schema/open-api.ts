// The little of an OpenAPI document that the slice is cut from.
import { z } from 'zod';
import { JsonSchema } from './json-schema.ts';

const Reference = z.object({ $ref: z.string() });
const Content = z.record(z.string(), z.object({ schema: JsonSchema.optional() }));
const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  schema: JsonSchema,
  'x-multi-segment': z.boolean().default(false),
});
const Response = z.object({ content: Content.optional() });

export type OpenApiContent = z.infer<typeof Content>;
export type OpenApiParameter = z.infer<typeof Parameter>;

export const OpenApiOperation = z.object({
  operationId: z.string(),
  parameters: z.array(z.union([Reference, Parameter])).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content: Content }).optional(),
  responses: z.record(z.string(), z.union([Reference, Response])),
  'x-github': z.object({ subcategory: z.string().nullish() }),
});
export type OpenApiOperation = z.infer<typeof OpenApiOperation>;

export const OpenApiDocument = z.object({
  paths: z.record(z.string(), z.record(z.string(), OpenApiOperation)).default({}),
  webhooks: z.record(z.string(), z.object({ post: OpenApiOperation })).default({}),
  components: z.object({
    schemas: z.record(z.string(), JsonSchema),
    parameters: z.record(z.string(), Parameter).default({}),
    responses: z.record(z.string(), Response).default({}),
  }),
});
export type OpenApiDocument = z.infer<typeof OpenApiDocument>;

/** What a reference such as `#/components/parameters/owner` names, or the value itself when it is no reference. */
export function followReference<T extends object>(value: T | { $ref: string }, table: Readonly<Record<string, T>>): T {
  if (!('$ref' in value) || typeof value.$ref !== 'string') return value as T; // a value without $ref is a T
  const found = table[value.$ref.slice(value.$ref.lastIndexOf('/') + 1)];
  if (found === undefined) throw new Error(`the document has no ${value.$ref}`);
  return found;
}
