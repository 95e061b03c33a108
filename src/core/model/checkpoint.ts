import { z } from 'zod';
import { StepReport } from './step-report.ts';

/** From where an attempt can be gone on with when its worker is gone. What is in the file only a sandbox ever reads. */
export const Checkpoint = z.object({
  /** SHA-256 of the file. */
  id: z.string(),
  bytes: z.number().int(),
  at: z.number(),
  /** The workspace is this commit with what the file holds. */
  base: z.string(),
  workflow: z.string(),
  /** Steps of the workflow that were over. */
  done: z.array(StepReport),
  /** The session of the step that was under way; absent between two steps. */
  session: z
    .object({
      step: z.string(),
      /** The coding agent, its model, and the agent's own name for the session. */
      agent: z.string(),
      model: z.string(),
      id: z.string(),
      /** Instructions that it had read. */
      heard: z.array(z.string()),
    })
    .optional(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** Why an attempt was not gone on with. */
export const AnewReason = z.enum([
  /** None was taken. */
  'none',
  'gone',
  'corrupt',
  'not_restored',
  'session_gone',
  'agent_missing',
  'workflow_changed',
]);
export type AnewReason = z.infer<typeof AnewReason>;

/** How somebody began an attempt that another one had begun before. */
export const Takeover = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('resumed'), at: z.number(), takenAt: z.number() }),
  z.object({ kind: z.literal('anew'), at: z.number(), why: AnewReason }),
]);
export type Takeover = z.infer<typeof Takeover>;
