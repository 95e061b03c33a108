// All ways in which a person asks for something: a command in a comment, a label, a button of a check. And what becomes of it,
// carried to its end by decisions alone.
import type { Verb } from '../../../src/core/command/command.ts';
import { grammar } from '../../../src/core/command/grammar.ts';
import type { Permission } from '../../../src/core/model/actor.ts';
import type { Receipt } from '../../../src/core/model/record.ts';
import { isLive } from '../../../src/core/model/run.ts';
import { renderMarker } from '../../../src/core/reply/marker.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { grant, type Holder, openLane, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { examples } from '../command/example.ts';
import { anyOutcome } from './any-outcome.ts';
import { comment, label, press } from './outcome.ts';
import * as places from './place.ts';
import * as subjects from './subject.ts';

/** Somebody whom no run knows. */
const pat = { id: 77, login: 'pat', kind: 'person' } as const;

export interface Ask {
  /** As snapshots name it. */
  readonly name: string;
  /** As its receipt calls it. */
  readonly command: string;
  readonly by: 'comment' | 'label' | 'button';
  readonly needs: Permission;
  readonly say: (world: WorldOfDecisions) => unknown;
}

function toCommand(verb: Verb): Ask {
  const say = (world: WorldOfDecisions) =>
    comment(world, `/pilot ${examples[verb]}`, { actor: pat, association: 'NONE', writtenAt: world.now });
  return { name: verb, command: verb, by: 'comment', needs: grammar[verb].authority, say };
}

function toLabel([name, command]: [string, string]): Ask {
  const say = (world: WorldOfDecisions) => label(world, name, pat, world.pull ? { head: world.pull.head } : {});
  return { name: `label ${name}`, command, by: 'label', needs: 'write', say };
}

function toButton(identifier: string): Ask {
  const say = (world: WorldOfDecisions) => press(world, identifier, pat);
  return { name: `button ${identifier}`, command: identifier, by: 'button', needs: 'write', say };
}

const labels = {
  ...{ 'pilot:run': 'run', 'pilot:plan': 'plan', 'pilot:review': 'review', 'pilot:ok-to-run': 'vouch' },
  ...{ 'pilot:hold': 'hold', 'pilot:never': 'never' },
};

export const asks: readonly Ask[] = [
  ...(Object.keys(grammar) as Verb[]).map(toCommand),
  ...Object.entries(labels).map(toLabel),
  ...['recheck', 'fix', 'stop'].map(toButton),
];

/** Every state of a run, and every subject without one. */
export const everywhere = [...Object.entries(places), ...Object.entries(subjects)].filter(
  (entry): entry is [string, () => WorldOfDecisions] => entry[1].length === 0,
);

/** As people find it: what is to be shown is. */
export function open(make: () => WorldOfDecisions): WorldOfDecisions {
  return make().settle().show();
}

export interface Asked {
  readonly world: WorldOfDecisions;
  /** What decided about the subject before. */
  readonly before: string;
  /** What it was kept as, and what it has become meanwhile. */
  readonly listReceipts: () => readonly Receipt[];
  /** Its states, in the order in which people could see them. */
  readonly states: readonly Receipt['state']['kind'][];
}

/** What decides about the subject, without what is only shown or remembered of what was asked. */
export function pictureOf({ record, outbox }: WorldOfDecisions): string {
  const { run, lane, ignored, held, vouch, vouchedHead } = record;
  const work = outbox.filter(({ action }) => action.kind !== 'present');
  return JSON.stringify([run, lane, ignored, held, vouch, vouchedHead, work]);
}

/** What is asked as somebody with this permission, in a copy of the place. */
export function ask(place: WorldOfDecisions, { say }: Ask, permission: Permission): Asked {
  const world = place.copy();
  const known = new Set(world.record.receipts.map(({ id }) => id));
  const before = pictureOf(world);
  if (permission === 'unknown') delete world.permissions['pat'];
  else world.permissions = { ...world.permissions, pat: permission };
  const listReceipts = () =>
    world.record.receipts.filter(({ id, actor }) => !known.has(id) && actor.login === pat.login);
  const states: Receipt['state']['kind'][] = [];
  world.onLook = (_, { record }) => {
    const receipt = record.receipts.find(({ id, actor }) => !known.has(id) && actor.login === pat.login);
    if (receipt && receipt.state.kind !== states.at(-1)) states.push(receipt.state.kind);
  };
  say(world);
  world.settle();
  return { world, before, listReceipts, states };
}

const stepsAtMost = 300;

/**
 * Everybody who works reports, in turn with the outcomes of these numbers and then with success; where people are waited
 * for, somebody lets the run go on, and ends it where it waits for something else.
 */
export function carryOn(world: WorldOfDecisions, hows: readonly number[] = []): WorldOfDecisions {
  const words = ['/pilot resume', '/pilot stop'];
  world.courier = openLane;
  world.isCarrying = true;
  if (world.record.lane) grant(world, world.record.lane.ask);
  for (let step = 0; step < stepsAtMost; step += 1) {
    world.settle().show();
    const [holder = beginNext(world)] = world.listLiving();
    if (holder) {
      hear(world, holder);
      world.report(holder, anyOutcome(world, holder.action, hows[step] ?? 0));
      continue;
    }
    if (world.record.receipts.every(isOver)) return world;
    const { run } = world.record;
    const isHeld =
      run !== undefined && isLive(run) && ['paused', 'awaiting_approval', 'needs_input'].includes(run.state.kind);
    const word = isHeld ? words.shift() : undefined;
    if (word !== undefined) comment(world, word);
    else if (world.wakeAt === undefined) return world;
    else world.pass(Math.max(0, world.wakeAt - world.now));
  }
  throw new Error(`${stepsAtMost} steps on there is still something to do: ${JSON.stringify(world.outbox)}`);
}

function beginNext(world: WorldOfDecisions): Holder | undefined {
  const next = world.outbox.find(
    ({ action, state }) => state.kind === 'pending' && action.kind !== 'present' && action.kind !== 'archive',
  );
  return next && world.begin(next.action.id);
}

/** Its agent reads what people told it. */
function hear(world: WorldOfDecisions, { action, token }: Holder): void {
  const instructions = (world.record.run?.instructions ?? []).filter(({ unheard }) => !unheard).map(({ id }) => id);
  if (action.kind !== 'attempt' || instructions.length === 0) return;
  world.put({ kind: 'instructed', attempt: action.id, token, instructions, isLive: true }).settle();
}

function isOver({ state }: Receipt): boolean {
  return state.kind !== 'kept' && state.kind !== 'started';
}

/** What people see of what was asked, once everything is shown: its signs, the answers to it, and what its run says of a merge. */
export function see({ record, outbox, now }: WorldOfDecisions, { id, source }: Receipt) {
  const shown = { ...record, presentation: { ...record.presentation, done: -1 } };
  const { reactions, comments, labels: seen } = renderView(shown, { outbox, now });
  const name = source.kind === 'comment' ? String(source.commentId) : id.replace(/[^\w-]/g, '-');
  return {
    reactions: reactions.flatMap(({ commentId, content }) => (String(commentId) === name ? [content] : [])),
    replies: comments.flatMap(({ marker, body }) => (marker === renderMarker('reply', name) ? [body] : [])),
    takenOff: seen.flatMap(({ without }) => without),
    isMergeRefused: comments.some(({ body }) => body.includes('> **The merge was refused:**')),
  };
}
