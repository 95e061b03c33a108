import { z } from 'zod';
import { NetworkReport } from './network-report.ts';

/** What commands found prepared by the base branch, and by what. Whoever reads a verdict should know. */
export const SetupNote = z.object({
  source: z.enum(['settings', 'detected', 'none']),
  commands: z.array(z.string()),
  /** The beginning of the layer's key. */
  layer: z.string().optional(),
  /** Why something that asks for it was not set up. */
  why: z.string().optional(),
  /** What making the layer reached and was denied, for whichever run that was; absent where it asked for nothing. */
  network: NetworkReport.optional(),
});
export type SetupNote = z.infer<typeof SetupNote>;
