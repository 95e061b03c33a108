// What all hosts share besides permits: buckets that refill, pots that are spent, names that are claimed.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { StorePort } from '../engine/port/store.ts';
import type { RunScript } from './script.ts';

const BucketAnswer = z.union([z.tuple([z.literal('taken')]), z.tuple([z.literal('wait'), z.coerce.number()])]);
const PotAnswer = z.union([z.tuple([z.literal('reserved')]), z.tuple([z.literal('over'), z.coerce.number()])]);

export function createShares(run: RunScript): Pick<StorePort, 'takeTokens' | 'reserve' | 'settle' | 'claim'> {
  return {
    async takeTokens({ name, capacity, perSecond, amount, leave }) {
      const [kind, until] = BucketAnswer.parse(await run('take-tokens', [name, capacity, perSecond, amount, leave]));
      return kind === 'wait' ? { kind, until } : { kind };
    },

    async reserve({ pot, id, amount, cap, holdMs, keepMs }) {
      const [kind, committed] = PotAnswer.parse(await run('reserve', [pot, id, amount, cap, holdMs, keepMs]));
      return kind === 'over' ? { kind, committed } : { kind };
    },

    async settle(pot, id, amount) {
      await run('settle', [pot, id, amount]);
    },

    async claim(name, ttlMs) {
      return (await run('claim', [name, ttlMs, randomUUID()])) === 1;
    },
  };
}
