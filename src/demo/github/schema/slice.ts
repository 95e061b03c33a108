// The committed slice of GitHub's published schemas (rest.json, webhooks.json): its shape, and reading it.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { JsonSchema } from './json-schema.ts';

const Definitions = z.record(z.string(), JsonSchema);

/** Where a schema is named, the name is a key of the slice's `$defs`. */
export const SliceOperation = z.strictObject({
  id: z.string(),
  method: z.string(),
  /** GitHub's path template, for example `/repos/{owner}/{repo}`. */
  path: z.string(),
  /** Path parameters whose value may hold slashes. */
  multiSegment: z.array(z.string()),
  /** Answers plain text too, when asked with a custom media type. */
  text: z.boolean(),
  pathParameters: z.string(),
  queryParameters: z.string(),
  /** Absent: the operation takes no body. */
  body: z.strictObject({ schema: z.string(), required: z.boolean() }).optional(),
  /** By status; null: GitHub documents no body. */
  responses: z.record(z.string(), z.string().nullable()),
});
export type SliceOperation = z.infer<typeof SliceOperation>;

const source = { from: z.string(), notice: z.string() };
/** The general errors have the schema named `general-error`; a status of an operation's own comes first. */
export const RestSlice = z.strictObject({
  ...source,
  operations: z.array(SliceOperation),
  generalErrorStatuses: z.array(z.number()),
  $defs: Definitions,
});
export type RestSlice = z.infer<typeof RestSlice>;

/** `webhooks` is keyed by event, or event and action with a dot between. */
export const WebhookSlice = z.strictObject({
  ...source,
  webhooks: z.record(z.string(), z.string()),
  $defs: Definitions,
});
export type WebhookSlice = z.infer<typeof WebhookSlice>;

export function readRestSlice(): RestSlice {
  return RestSlice.parse(readJson('rest.json'));
}

export function readWebhookSlice(): WebhookSlice {
  return WebhookSlice.parse(readJson('webhooks.json'));
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}
