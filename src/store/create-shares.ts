// What all hosts share besides permits: buckets that refill, pots that are spent (by saves), names that are claimed.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { StorePort } from '../engine/port/store.ts';
import type { RunScript } from './script.ts';

const BucketAnswer = z.union([z.tuple([z.literal('taken')]), z.tuple([z.literal('wait'), z.coerce.number()])]);
const PotsAnswer = z.array(z.tuple([z.coerce.number(), z.coerce.number()]));

export function createShares(run: RunScript): Pick<StorePort, 'takeTokens' | 'readPots' | 'claim'> {
  return {
    async takeTokens({ name, capacity, perSecond, amount, leave }) {
      const [kind, until] = BucketAnswer.parse(await run('take-tokens', [name, capacity, perSecond, amount, leave]));
      return kind === 'wait' ? { kind, until } : { kind };
    },

    async readPots(names) {
      const pots = PotsAnswer.parse(await run('read-pots', names));
      return Object.fromEntries(pots.map(([committed, open], at) => [names[at], { committed, open }]));
    },

    async claim(name, ttlMs) {
      return (await run('claim', [name, ttlMs, randomUUID()])) === 1;
    },
  };
}
