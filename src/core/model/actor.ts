import { z } from 'zod';

/** Whoever caused an event, as the payload names them. What they may do is asked of GitHub, never read from here. */
export const Actor = z.object({
  id: z.number().int(),
  login: z.string().min(1),
  kind: z.enum(['person', 'bot']),
});
export type Actor = z.infer<typeof Actor>;

/** A collaborator permission; `unknown` when GitHub could not be asked. Ordered by `isAtLeast`. */
export const Permission = z.enum(['unknown', 'none', 'read', 'triage', 'write', 'maintain', 'admin']);
export type Permission = z.infer<typeof Permission>;

const rank: Record<Permission, number> = { unknown: -1, none: 0, read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };

export function isAtLeast(actual: Permission, needed: Permission): boolean {
  return rank[actual] >= rank[needed];
}
