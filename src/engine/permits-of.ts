import type { Action } from '../core/model/action.ts';
import type { Repository } from '../core/model/subject.ts';
import type { Permit } from './port/store.ts';

/** How many attempts may run at the same time over all hosts; undefined means as many as there are slots. */
export interface SlotLimits {
  readonly perRepository: number | undefined;
  readonly perInstallation: number | undefined;
}

/** The places an action needs before it may begin. Only agents are rationed: everything else is short. */
export function permitsOf(
  limits: SlotLimits,
  kind: Action['kind'],
  { host, id, installationId }: Repository,
): Permit[] {
  if (kind !== 'attempt') return [];
  const asked = [
    { name: `repository/${host}/${id}`, limit: limits.perRepository },
    { name: `installation/${host}/${installationId}`, limit: limits.perInstallation },
  ];
  return asked.flatMap(({ name, limit }) => (limit === undefined ? [] : [{ name, limit }]));
}
