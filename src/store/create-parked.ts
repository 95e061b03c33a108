// Events that no decision can be made on: counted, set aside, put back.
import { z } from 'zod';
import { RecordId } from '../core/model/subject.ts';
import type { ParkedEvent, StorePort } from '../engine/port/store.ts';
import { readField } from './read-field.ts';
import type { RunScript } from './script.ts';

const Listed = z.array(z.tuple([z.string(), z.array(z.string())]));

export function createParked(run: RunScript): Pick<StorePort, 'countTrouble' | 'park' | 'listParked' | 'replayParked'> {
  return {
    async countTrouble(record, eventId) {
      return z.number().parse(await run('count-trouble', [record, eventId]));
    },

    async park(record, entryId, why) {
      return (await run('park', [record, entryId, why])) === 1;
    },

    async listParked(limit) {
      if (limit < 1) return [];
      return Listed.parse(await run('list-parked', [limit])).map(([id, fields]) => toParked(id, fields));
    },

    async replayParked(id) {
      return (await run('replay-parked', [id])) === 1;
    },
  };
}

function toParked(id: string, fields: readonly string[]): ParkedEvent {
  return {
    id,
    record: RecordId.parse(readField(fields, 'record')),
    eventId: readField(fields, 'id') ?? '',
    why: readField(fields, 'why') ?? '',
    at: Number(readField(fields, 'at')),
    event: parseOrText(readField(fields, 'event') ?? ''),
  };
}

/** Why it is here may be that it is no JSON. */
function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
