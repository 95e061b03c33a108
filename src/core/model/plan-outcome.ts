import { z } from 'zod';
import { Cause } from './cause.ts';
import { ChainUse } from './chain-use.ts';
import { InputReport } from './input-report.ts';
import { Spend } from './spend.ts';

export const AcceptanceItem = z.object({ id: z.string(), text: z.string(), level: z.enum(['must', 'should']) });
export type AcceptanceItem = z.infer<typeof AcceptanceItem>;

/** A task as the plan states it, after normalisation. */
export const PlannedTask = z.object({
  key: z.string(),
  title: z.string(),
  prompt: z.string(),
  role: z.enum(['foundation', 'feature', 'amendment', 'repair']),
  dependsOn: z.array(z.string()),
  ownedPaths: z.array(z.string()),
  contracts: z.array(z.string()),
  acceptance: z.array(AcceptanceItem),
  /** The workflow that carries it out; `direct` when absent. */
  workflow: z.string().optional(),
});
export type PlannedTask = z.infer<typeof PlannedTask>;

/** How two tasks stand to one another, where that is more than that one waits for the other. */
export const TaskRelation = z.object({
  a: z.string(),
  b: z.string(),
  kind: z.enum(['additive', 'uncertain', 'contradictory']),
});
export type TaskRelation = z.infer<typeof TaskRelation>;
/** The workflow of a run, what spoke for it, and how sure that is, from 0 to 1. */
export const PlanRoute = z.object({
  workflow: z.string(),
  by: z.enum(['named', 'label', 'words', 'nothing']),
  because: z.array(z.string()),
  confidence: z.number(),
  asksApproval: z.boolean(),
});
export type PlanRoute = z.infer<typeof PlanRoute>;

/** How the planning call ended. A fallback is never silent: `fallback` says why the model's own plan is not used. */
export const PlanOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('planned'),
    tasks: z.array(PlannedTask),
    batches: z.array(z.array(z.string())),
    conflicted: z.array(z.object({ key: z.string(), with: z.string(), why: z.string() })),
    blocked: z.array(z.object({ key: z.string(), on: z.string() })),
    /** Pairs that must never stand in one batch, also when batches are made anew. */
    apart: z.array(z.tuple([z.string(), z.string()])),
    relations: z.array(TaskRelation).optional(),
    adjustments: z.array(z.string()),
    notes: z.string(),
    fallback: z.string().optional(),
    route: PlanRoute.optional(),
    /** Its workflow changes nothing. */
    reads: z.boolean().optional(),
    hash: z.string(),
    /** What the issue itself said, as a hash: an approval holds for as long as it says the same. */
    fingerprint: z.string().optional(),
    input: InputReport,
    exchange: z.string(),
    /** Absent where no model was asked. */
    model: ChainUse.optional(),
    spend: Spend,
  }),
  z.object({ kind: z.literal('failed'), cause: Cause, exchange: z.string().optional(), spend: Spend }),
  z.object({ kind: z.literal('stopped'), spend: Spend.optional() }),
]);
export type PlanOutcome = z.infer<typeof PlanOutcome>;
