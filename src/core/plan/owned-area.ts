// The places that a task owns, compiled once. Owning nothing by name means the whole repository; protected places are
// taken out where changes are judged (evaluateScope), not here.
import {
  type Effort,
  type Glob,
  isMatch,
  isOverlap,
  parseGlob,
  type UnreadableGlob,
  WHOLE_REPOSITORY,
} from './glob.ts';

export type OwnedArea = readonly (Glob | UnreadableGlob)[];

export function parseOwnedArea(ownedPaths: readonly string[]): OwnedArea {
  return ownedPaths.length === 0 ? [WHOLE_REPOSITORY] : ownedPaths.map(parseGlob);
}

export function isInArea(area: OwnedArea, path: string): boolean {
  const effort: Effort = { steps: 20_000 };
  return area.some((glob) => isMatch(glob, path, effort));
}

export function isAreaOverlap(left: OwnedArea, right: OwnedArea): boolean {
  const effort: Effort = { steps: 40_000 };
  return left.some((a) => right.some((b) => isOverlap(a, b, effort)));
}
