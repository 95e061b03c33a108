import { z } from 'zod';

/** What happened to an agent's session besides its work, in order: nothing of it is silent. */
export const SessionPhase = z.enum([
  'asked_to_finish',
  'finished_in_time',
  'cut_off',
  'turns_not_counted',
  'overflow',
  'compacted',
  'retried',
  'recovery_failed',
]);
export type SessionPhase = z.infer<typeof SessionPhase>;

/** More of them in one attempt say nothing new. */
export const phasesAtMost = 20;
