/** Someone who can act: a person, an organisation that owns repositories, or the bot user of an App. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly kind: 'User' | 'Organization' | 'Bot';
  name: string | null;
  email: string | null;
  /** The App whose bot user this is. */
  readonly appId?: number;
}

/** GitHub's repository roles, weakest first. */
export const roles = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof roles)[number];

export function isAtLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
