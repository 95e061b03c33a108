import { z } from 'zod';

/** Of a chain of coding agents or models: who was asked for first, who did it, and why it is another. */
export const ChainUse = z.object({ requested: z.string(), used: z.string(), why: z.string().optional() });
export type ChainUse = z.infer<typeof ChainUse>;
