// Actions under leases and permits, and what is due when.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { RecordId } from '../core/model/subject.ts';
import type { StorePort } from '../engine/port/store.ts';
import { parseOutbox } from './parse-outbox.ts';
import type { RunScript } from './script.ts';

const BeginAnswer = z.union([
  z.tuple([z.literal('begun'), z.string(), z.string(), z.string(), z.string(), z.string()]),
  z.tuple([z.literal('refused'), z.literal('full'), z.string(), z.coerce.number()]),
  z.tuple([z.literal('refused'), z.enum(['gone', 'held', 'superseded', 'early'])]),
]);
const HeartbeatAnswer = z.enum(['held', 'cancelled', 'lost']);

export function createOutbox(run: RunScript): Pick<StorePort, 'begin' | 'heartbeat' | 'takeDue' | 'lookAgainAt'> {
  return {
    async begin(record, actionId, dispatch, leaseMs, permits = []) {
      const token = randomUUID();
      const pairs = permits.flatMap(({ name, limit }) => [name, limit]);
      const answer = await run('begin', [record, actionId, dispatch, token, leaseMs, ...pairs]);
      const parsed = BeginAnswer.parse(answer);
      if (parsed[0] === 'begun') {
        const [, lease, action, settling, notBefore, since] = parsed;
        return {
          kind: 'begun',
          token,
          entry: toBegun(actionId, { dispatch, token, lease, action, settling, notBefore, since }),
        };
      }
      if (parsed[1] !== 'full') return { kind: 'refused', why: parsed[1] };
      const [kind, why, permit, ahead] = parsed;
      return { kind, why, permit, ahead };
    },

    async heartbeat(record, actionId, token, leaseMs) {
      return HeartbeatAnswer.parse(await run('heartbeat', [record, actionId, token, leaseMs]));
    },

    async takeDue(limit, deferMs) {
      const due = z.array(z.string()).parse(await run('take-due', [limit, deferMs]));
      // One name that cannot be read must not keep the others waiting.
      return due.flatMap((name) => RecordId.safeParse(name).data ?? []);
    },

    async lookAgainAt(record, moment, version) {
      return (await run('look-again-at', [record, moment ?? '', version ?? ''])) === 1;
    },
  };
}

function toBegun(actionId: string, fields: Readonly<Record<string, string | number>>) {
  const named = Object.entries({ ...fields, state: 'begun' }).filter(([, value]) => value !== '');
  const [entry] = parseOutbox(named.flatMap(([field, value]) => [`${actionId}|${field}`, String(value)]));
  if (!entry) throw new Error(`begin of ${actionId} returned no entry`);
  return entry;
}
