// Users of a range that belong to nobody on this host, one for each workspace that a sandbox is open over.
import { randomInt } from 'node:crypto';
import { SandboxRefused } from '../../engine/port/sandbox.ts';

export interface UidRange {
  readonly first: number;
  readonly count: number;
}

/** A user that nobody else is given until it is given back. */
export interface UserClaim {
  readonly uid: number;
  giveBack(): Promise<void>;
}

/** Throws SandboxRefused when all of them are in use. */
export type ClaimUser = () => Promise<UserClaim>;

/** By chance, so that two workers of one host seldom meet. If they do, their sandboxes still see nothing of each other. */
export function drawUsers({ first, count }: UidRange): ClaimUser {
  const taken = new Set<number>();
  return async () => {
    if (taken.size >= count) throw allInUse(count);
    let uid = first + randomInt(count);
    while (taken.has(uid)) uid = uid + 1 < first + count ? uid + 1 : first;
    taken.add(uid);
    return { uid, giveBack: async () => void taken.delete(uid) };
  };
}

export function allInUse(count: number): SandboxRefused {
  return new SandboxRefused('uid', `all ${count} users of the range are in use`);
}
