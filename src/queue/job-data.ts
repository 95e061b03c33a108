import { z } from 'zod';
import { RecordId } from '../core/model/subject.ts';

/** Ask to look at a subject. */
export const AdvanceJob = z.object({ subject: RecordId });
export type AdvanceJob = z.infer<typeof AdvanceJob>;

/** One dispatch of an action. What to do is in the store; the job only points at it. */
export const ActionJob = z.object({
  subject: RecordId,
  actionId: z.string().min(1),
  dispatch: z.number().int().positive(),
  kind: z.enum([
    'plan',
    'pilot',
    'attempt',
    'baseline',
    'acceptance',
    'integrate',
    'verify',
    'repair',
    'resolve',
    'review',
    'publish_branch',
    'merge',
    'prove_merge',
    'archive',
    'present',
    'tell',
    'settle_lane',
    'read_group',
    'verify_group',
    'show_group',
    'propose_settings',
    'propose_notes',
    'look_at_pulls',
  ]),
});
export type ActionJob = z.infer<typeof ActionJob>;
