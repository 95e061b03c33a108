import { z } from 'zod';
import { ChainUse } from './chain-use.ts';
import { NetworkReport } from './network-report.ts';
import { Spend } from './spend.ts';

/** One step of an attempt: who did it with what, and what came of it. Ids are of artifacts. */
export const StepReport = z.object({
  id: z.string(),
  /** The agent; absent where the verify commands were run. */
  role: z.string().optional(),
  access: z.enum(['read', 'write', 'commands']),
  state: z.enum(['done', 'failed']),
  /** What the agent was told, stage by stage. */
  prompt: z.string().optional(),
  /** What it answered, whole. */
  output: z.string().optional(),
  /** The coding agent, and the model that it worked with in the end. */
  driver: ChainUse.optional(),
  model: ChainUse.optional(),
  seconds: z.number(),
  spend: Spend.optional(),
  /** What it reached and was denied; absent where it had no network. */
  network: NetworkReport.optional(),
  /** Playbooks that it was given, and those that it should have been given and that are not there. */
  skills: z.object({ rendered: z.array(z.string()), missing: z.array(z.string()) }).optional(),
});
export type StepReport = z.infer<typeof StepReport>;
