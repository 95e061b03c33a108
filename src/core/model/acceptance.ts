import { z } from 'zod';
import { Cause } from './cause.ts';
import { ChainUse } from './chain-use.ts';
import { AcceptanceItem } from './plan-outcome.ts';
import { Spend } from './spend.ts';

/** What was found about one acceptance item in the merged tree of its batch. */
export const AcceptanceResult = AcceptanceItem.extend({
  /** `missing`: the reviewer said nothing about it. */
  status: z.enum(['met', 'failed', 'missing']),
  /** For `met` what was looked at and shows it; else what is missing or does not hold. */
  evidence: z.string(),
  /** The artifact with the whole output of the command that was run for it. */
  log: z.string().optional(),
});
export type AcceptanceResult = z.infer<typeof AcceptanceResult>;

/** One review of a batch against its acceptance items, or of a part of them, with what it cost. */
export const AcceptanceRecord = z.object({
  batch: z.number().int(),
  at: z.number(),
  /** The merged commit that was judged. */
  commit: z.string(),
  tasks: z.array(z.string()),
  /** The tasks that were not accepted. */
  failed: z.array(z.string()),
  exchange: z.string(),
  model: ChainUse.optional(),
  seconds: z.number(),
  spend: Spend,
});
export type AcceptanceRecord = z.infer<typeof AcceptanceRecord>;

const TaskResult = z.object({ task: z.string(), items: z.array(AcceptanceResult) });
export type TaskResult = z.infer<typeof TaskResult>;

/** What was found of one merged tree while not all parts of its review are over: paid for, and not asked about again. */
export const ReviewedParts = z.object({ tree: z.string(), results: z.array(TaskResult) });
export type ReviewedParts = z.infer<typeof ReviewedParts>;

/** How a review of a batch ended, or that of one of its parts: `results` are of the items that it was asked about. */
export const AcceptanceOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('judged'),
    results: z.array(TaskResult),
    exchange: z.string(),
    model: ChainUse.optional(),
    seconds: z.number(),
    spend: Spend,
  }),
  /** The reviewer's answer had no form that could be judged, also when it was asked again. */
  z.object({
    kind: z.literal('unusable'),
    why: z.string(),
    exchange: z.string(),
    model: ChainUse.optional(),
    seconds: z.number(),
    spend: Spend,
  }),
  z.object({ kind: z.literal('failed'), cause: Cause, spend: Spend }),
  z.object({ kind: z.literal('stopped'), spend: Spend.optional() }),
]);
export type AcceptanceOutcome = z.infer<typeof AcceptanceOutcome>;
