// What the reviewer answers about the acceptance items of a batch. Only shape and size are checked here; whether an
// entry counts is decided by whether its evidence holds.
import { z } from 'zod';

const Path = z.string().min(1).max(300);
const line = z.number().int().min(1).max(1_000_000);

const CommandEvidence = z.strictObject({
  kind: z.literal('command'),
  command: z
    .string()
    .min(1)
    .max(500)
    .describe('One line for a shell in the root of the merged tree, without network. It has to exit with 0 there.'),
  output: z
    .string()
    .max(300)
    .optional()
    .describe('Text that its output has to hold besides, word for word. Leave it out where the exit code says it all.'),
});

const TraceEvidence = z.strictObject({
  kind: z.literal('trace'),
  path: Path.describe('A file of the merged tree.'),
  from: line.describe('The first line that shows it, counted from 1.'),
  to: line.describe('The last line that shows it.'),
  quote: z
    .string()
    .min(1)
    .max(300)
    .describe('Text that stands in these lines, word for word, of at least three characters.'),
});

export const Evidence = z.union([CommandEvidence, TraceEvidence]);
export type Evidence = z.infer<typeof Evidence>;

const Entry = z.strictObject({
  task: z.string().min(1).max(40).describe('The key of the task, as listed.'),
  item: z.string().min(1).max(40).describe('The id of the item, as listed.'),
  status: z.enum(['met', 'not_met']),
  evidence: Evidence.optional().describe('What shows that it is met: needed for every item that is.'),
  why: z.string().max(500).describe('One sentence: how the evidence shows it, or what is missing.'),
});
export type AcceptanceClaim = z.infer<typeof Entry>;

export const AcceptanceVerdict = z.strictObject({
  entries: z.array(Entry).max(600).describe('One entry for each listed item.'),
});
export type AcceptanceVerdict = z.infer<typeof AcceptanceVerdict>;
