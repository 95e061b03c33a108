// Whole runs are limited too. Who is at work is counted in the store, in the very save that makes it so: a decision asks for
// a seat, and a save that finds all of them taken is refused and decided anew, with that as a fact.
import type { Seat } from '../model/decision.ts';
import type { Run } from '../model/run.ts';
import { renderMoment } from '../reply/render-moment.ts';
import type { Draft } from './draft.ts';

/** Nobody can say when a run will end. This is when asking again makes sense. */
const retryMs = 10 * 60_000;

/** Asks for the seats that a run needs to work; a sentence when there is none. */
export function askForSeat(draft: Draft, maxRuns: number | undefined): string | undefined {
  const seats = listSeats(draft, maxRuns);
  const taken = seats.find(({ name }) => draft.snapshot.facts.taken?.includes(name));
  if (taken === undefined) {
    draft.asked = seats;
    return undefined;
  }
  const where = taken.name.startsWith('installation/') ? 'for this installation' : 'in this repository';
  const rule = taken.limit === 1 ? 'one run may be' : `${taken.limit} runs may be`;
  const state = taken.limit === 1 ? 'it is' : 'they are';
  return `Not now: ${rule} at work ${where} at a time, and ${state}. Please ask again after ${renderMoment(draft.now + retryMs)}.`;
}

function listSeats({ record, snapshot }: Draft, maxRuns: number | undefined): Seat[] {
  const { host, id, installationId } = record.repository;
  const { perRepository, perInstallation } = snapshot.facts.runLimits ?? {};
  const least = Math.min(perRepository ?? Number.POSITIVE_INFINITY, maxRuns ?? Number.POSITIVE_INFINITY);
  return [
    { name: `repository/${host}/${id}`, ...(Number.isFinite(least) ? { limit: least } : {}) },
    {
      name: `installation/${host}/${installationId}`,
      ...(perInstallation === undefined ? {} : { limit: perInstallation }),
    },
  ];
}

/** Where the run is counted after this decision. Only one that begins to work by it is asked for a free seat. */
export function takeCensus(draft: Draft): readonly Seat[] {
  const { run, watching } = draft.record;
  const watches = watching === undefined ? [] : [{ name: watching }];
  if (!run || !isCounted(run)) return watches;
  return [...(draft.asked ?? listSeats(draft, undefined).map(({ name }) => ({ name }))), ...watches];
}

/** A merge, and a verdict that follows its base, need no agent: they take no seat, and are never refused for want of one. */
function isCounted({ state }: Run): boolean {
  switch (state.kind) {
    case 'planning':
    case 'awaiting_approval':
    case 'executing':
    case 'needs_input':
    case 'stopping':
      return true;
    case 'reviewing':
      return !state.follows;
    case 'paused':
      return !(state.back.kind === 'reviewing' && state.back.follows);
    default:
      return false;
  }
}
