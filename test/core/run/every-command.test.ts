// Everything that people can ask for, by everybody, in every state and on every subject: it is carried out or refused by what GitHub
// says of its author, it is answered at once and in words, it ends once and in one way, and whoever may not give it changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAtLeast, type Permission } from '../../../src/core/model/actor.ts';
import type { Receipt } from '../../../src/core/model/record.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { type Ask, type Asked, ask, asks, carryOn, everywhere, open, pictureOf, see } from './ask.ts';

const permissions: readonly Permission[] = ['unknown', 'none', 'read', 'triage', 'write', 'maintain', 'admin'];
const ends = ['done', 'failed', 'refused'];

/** The one receipt of what was asked. */
function find({ listReceipts }: Asked, about: string): Receipt {
  const [receipt, ...others] = listReceipts();
  if (!receipt) throw new Error(`${about} has no receipt`);
  expect(others, about).toEqual([]);
  return receipt;
}

interface Expected {
  readonly about: string;
  /** Whoever asked is told why not. */
  readonly isTold?: boolean;
}

/** One end, one sign of it and, where it was refused, one reason that can be read. */
function expectOneEnd(asked: Asked, { by, command }: Ask, { about, isTold = true }: Expected): void {
  const receipt = find(asked, about);
  const { state } = receipt;
  expect(
    asked.states.filter((one) => ends.includes(one)),
    about,
  ).toEqual([state.kind]);
  expect(asked.states.at(-1), about).toBe(state.kind);
  const { reactions, replies, takenOff, isMergeRefused } = see(asked.world, receipt);
  const sign = state.kind === 'done' ? '+1' : 'confused';
  expect(reactions, about).toEqual(by === 'comment' ? [sign] : []);
  if (by === 'label' && command !== 'hold' && command !== 'never') expect(takenOff, about).toHaveLength(1);
  for (const reply of replies) expect(reply, about).toMatch(/^@pat \S/);
  expect(replies.length, about).toBeLessThanOrEqual(1);
  if (state.kind !== 'refused') return;
  // What GitHub says against a merge stands at the top of the comment of its run, and nowhere else.
  const isSaidThere = command === 'merge' && replies.length === 0 && isMergeRefused;
  expect(replies.length + (isSaidThere ? 1 : 0), about).toBe(isTold ? 1 : 0);
}

describe.each(everywhere)('in the place %s', (name, make) => {
  const place = open(make);

  it.each(permissions)(
    'what somebody with the permission %s asks for is answered at once, ends once, and does what it may',
    (permission) => {
      for (const one of asks) {
        const about = `${one.name} by ${permission} in ${name}`;
        const asked = ask(place, one, permission);
        const { state, command } = find(asked, about);
        expect(command, about).toBe(one.command);
        expect(['started', 'done', 'refused'], about).toContain(state.kind);
        // Somebody without any access gets a sign and no conversation. GitHub lets nobody put a label on who has none.
        const isTold = permission !== 'none' || one.by === 'label';
        if (!isAtLeast(permission, one.needs)) {
          expect(state.kind, about).toBe('refused');
          expect(pictureOf(asked.world), about).toBe(asked.before);
        } else if (isCarried(one, permission)) carryOn(asked.world);
        else continue;
        expectOneEnd(asked, one, { about, isTold });
      }
    },
  );
});

/** Whoever may do more than enough does the same. */
function isCarried({ needs }: Ask, permission: Permission): boolean {
  return permission === needs || (permission === 'maintain' && needs === 'write');
}

it('whatever becomes of the work, what was asked ends once and in one way', () => {
  const places = new Map<string, WorldOfDecisions>();
  const find = (name: string, make: () => WorldOfDecisions) => {
    const place = places.get(name) ?? open(make);
    places.set(name, place);
    return place;
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...everywhere),
      fc.constantFrom(...asks),
      fc.array(fc.nat(12), { maxLength: 20 }),
      ([name, make], one, hows) => {
        const asked = ask(find(name, make), one, 'admin');
        carryOn(asked.world, hows);
        expectOneEnd(asked, one, { about: `${one.name} in ${name}` });
      },
    ),
    { numRuns: 500 },
  );
});
