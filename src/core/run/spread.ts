import type { Run } from '../model/run.ts';
import type { Draft } from './draft.ts';

/**
 * Up to half as much again, so that many runs that met one outage do not come back as one. The same names always give the
 * same pause: a decision that is made anew is the same decision.
 */
export function spread(ms: number, [draft, run, kind, count]: readonly [Draft, Run, string, number]): number {
  return ms + Math.floor((ms / 2) * fractionOf(`${draft.snapshot.subject}/${run.id}/${kind}/${count}`));
}

/** FNV-1a, as a number from 0 to less than 1. */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash / 2 ** 32;
}
