// Every command, by everybody, in every state: it is carried out or refused by what GitHub says of its author, it is answered at once
// and in words, and whoever may not give it changes nothing.
import { describe, expect, it } from 'vitest';
import type { Verb } from '../../../src/core/command/command.ts';
import { grammar } from '../../../src/core/command/grammar.ts';
import { isAtLeast, type Permission } from '../../../src/core/model/actor.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { examples } from '../command/example.ts';
import { comment } from './outcome.ts';
import * as history from './place.ts';

const permissions: readonly Permission[] = ['unknown', 'none', 'read', 'triage', 'write', 'maintain'];
/** Somebody whom no run knows. */
const pat = { id: 77, login: 'pat', kind: 'person' } as const;

const places = Object.entries(history).filter(
  (entry): entry is [string, () => WorldOfDecisions] => entry[1].length === 0,
);

interface Said {
  readonly world: WorldOfDecisions;
  readonly before: string;
  readonly receipts: WorldOfDecisions['record']['receipts'];
}

const nothing = { state: { kind: 'kept' }, reply: undefined } as const;

/** What decides about the run, without what is only shown or remembered of the comment. */
function pictureOf({ record, outbox }: WorldOfDecisions): string {
  const { run, lane, ignored } = record;
  return JSON.stringify([run, lane, ignored, outbox.filter(({ action }) => action.kind !== 'present')]);
}

function say(place: WorldOfDecisions, verb: Verb, permission: Permission): Said {
  const world = place.copy();
  const known = new Set(world.record.receipts.map(({ id }) => id));
  const before = pictureOf(world);
  if (permission === 'unknown') delete world.permissions['pat'];
  else world.permissions = { ...world.permissions, pat: permission };
  comment(world, `/pilot ${examples[verb]}`, { actor: pat, association: 'NONE' }).settle();
  return { world, before, receipts: world.record.receipts.filter(({ id }) => !known.has(id)) };
}

/** Without what differs from run to run. */
function toTemplate(reply: string): string {
  return reply
    .replace(/\n.*/s, '')
    .replace(/[0-9a-f]{40}/g, '<sha>')
    .replace(/`[^`]*`/g, '`…`')
    .replace(/\d+(?:\.\d+)?/g, '<n>')
    .slice(0, 160);
}

describe.each(places)('in the place %s', (_place, make) => {
  const place = make().settle();

  it.each(permissions)(
    'a command of somebody with the permission %s is answered once, and does what it may',
    (permission) => {
      for (const verb of Object.keys(examples) as Verb[]) {
        const { world, before, receipts } = say(place, verb, permission);
        const about = `${verb} by ${permission}`;
        expect(
          receipts.map(({ command }) => command),
          about,
        ).toEqual([verb]);
        const [{ state, reply } = nothing] = receipts;
        expect(['started', 'done', 'refused'], about).toContain(state.kind);
        const mayGive = isAtLeast(permission, grammar[verb].authority);
        if (mayGive) {
          if (state.kind === 'refused') expect(reply, about).toMatch(/\S/);
          continue;
        }
        expect(state.kind, about).toBe('refused');
        // Somebody without any access gets a sign and no conversation.
        expect(reply === undefined, about).toBe(permission === 'none');
        expect(pictureOf(world), about).toBe(before);
      }
    },
  );
});

it('what is answered to people who may is written for them; how a run stands is told elsewhere', async () => {
  const replies = new Set<string>();
  for (const [, make] of places) {
    const place = make().settle();
    for (const verb of (Object.keys(examples) as Verb[]).filter((one) => one !== 'status' && one !== 'explain')) {
      const [receipt] = say(place, verb, 'admin').receipts;
      if (receipt?.reply !== undefined) replies.add(`${verb}, ${receipt.state.kind}: ${toTemplate(receipt.reply)}`);
    }
  }
  await expect(`${[...replies].sort().join('\n')}\n`).toMatchFileSnapshot('every-command.replies.txt');
});
