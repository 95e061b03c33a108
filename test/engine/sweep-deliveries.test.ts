// GitHub's log of deliveries, as the sweep reads it: what never got through is asked for, once per state and bounded.
import { beforeEach, describe, expect, it } from 'vitest';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { DeliveryAttempt, DeliveryLogPort } from '../../src/engine/port/delivery-log.ts';
import type { LostDeliveries } from '../../src/engine/port/lost-deliveries.ts';
import { createDeliverySweep } from '../../src/engine/sweep-deliveries.ts';
import { createMemoryOfLost } from '../support/lost-deliveries.ts';
import { quiet } from '../support/quiet.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let now: number;
let attempts: DeliveryAttempt[];
let asked: number[];
let pagesRead: number;
let claims: Set<string>;
let said: string[];
let givenUp: LostDeliveries;
/** Of our clock before GitHub's. */
let aheadMs: number;
beforeEach(() => {
  now = 1_800_000_000_000;
  attempts = [];
  asked = [];
  pagesRead = 0;
  claims = new Set();
  said = [];
  givenUp = createMemoryOfLost();
  aheadMs = 0;
});

function deliver(
  guid: string,
  { isOk, at = now, what = 'issues.labeled' }: { isOk: boolean; at?: number; what?: string },
): number {
  const id = attempts.length + 1;
  attempts.push({ id, guid, at, isOk, what });
  return id;
}

const pageSize = 10;
const log: DeliveryLogPort = {
  async list(from) {
    pagesRead += 1;
    const start = from === undefined ? 0 : Number(from);
    const newestFirst = attempts.toSorted((one, other) => other.at - one.at || other.id - one.id);
    const page = newestFirst.slice(start, start + pageSize);
    const next = start + pageSize < newestFirst.length ? String(start + pageSize) : undefined;
    return { attempts: page, next, readAt: now - aheadMs };
  },
  redeliver: async (id) => void asked.push(id),
  listLineComments: async () => [],
  listComments: async () => [],
  listRepositoryComments: async () => [],
};

function start() {
  return createDeliverySweep({
    deliveries: log,
    lost: givenUp,
    store: {
      claim: async (name) => {
        if (claims.has(name)) return false;
        claims.add(name);
        return true;
      },
    },
    clock: { now: () => now },
    log: { ...quiet, error: (_fields, text) => void said.push(text) },
  });
}

/** Claims that run out, as the store's do. */
function claimFor() {
  const until = new Map<string, number>();
  return async (name: string, ttlMs: number) => {
    if ((until.get(name) ?? 0) > now) return false;
    until.set(name, now + ttlMs);
    return true;
  };
}

function portsWithClaims() {
  return { deliveries: log, lost: givenUp, store: { claim: claimFor() }, clock: { now: () => now } };
}

describe('a delivery', () => {
  it('that never got through is asked for once, by its newest attempt, whoever looks', async () => {
    deliver('lost', { isOk: false, at: now - hourMs });
    const newest = deliver('lost', { isOk: false, at: now - minuteMs });
    await Promise.all([start().run(), start().run()]);
    expect(asked).toEqual([newest]);
  });

  it('that got through in any attempt is left alone', async () => {
    deliver('healed', { isOk: false });
    deliver('healed', { isOk: true });
    deliver('well', { isOk: true });
    await start().run();
    expect(asked).toEqual([]);
  });

  it('is asked for oldest first, so that what was said first arrives first', async () => {
    const later = deliver('later', { isOk: false });
    const earlier = deliver('earlier', { isOk: false, at: now - minuteMs });
    await start().run();
    expect(asked).toEqual([earlier, later]);
  });

  it('is asked for again when the attempt that was asked for failed as well, after a time that doubles', async () => {
    const sweep = createDeliverySweep({ ...portsWithClaims(), log: quiet });
    const began = now;
    const moments: number[] = [];
    deliver('refused', { isOk: false });
    for (; now < began + 2 * hourMs; now += 10_000) {
      const before = asked.length;
      await sweep.run();
      if (asked.length === before) continue;
      moments.push((now - began) / 1000);
      deliver('refused', { isOk: false });
    }
    expect(moments).toEqual([0, 30, 90, 210, 450, 930, 1890, 3810]);
  });

  it('survives half a day in which we could not be reached', async () => {
    const sweep = createDeliverySweep({
      ...portsWithClaims(),
      log: { ...quiet, error: (_, text) => void said.push(text) },
    });
    const back = now + 12 * hourMs;
    deliver('refused', { isOk: false });
    for (; !attempts.some(({ isOk }) => isOk) && now < back + 12 * hourMs; now += 5 * minuteMs) {
      const before = asked.length;
      await sweep.run();
      if (asked.length > before) deliver('refused', { isOk: now >= back });
    }
    expect(now - back).toBeLessThan(7 * hourMs);
    expect(said).toEqual([]);
  });

  it('that was claimed by a process which died before it asked is asked for by another one soon', async () => {
    const { store, ...others } = portsWithClaims();
    const { promise: asking, resolve: isAsking } = Promise.withResolvers<void>();
    const died = createDeliverySweep({
      ...others,
      store,
      log: quiet,
      deliveries: {
        ...log,
        redeliver() {
          isAsking();
          return new Promise(() => undefined);
        },
      },
    });
    deliver('lost', { isOk: false });
    void died.run();
    await asking;
    now += 2 * minuteMs;
    await createDeliverySweep({ ...others, store, log: quiet }).run();
    expect(asked).toHaveLength(1);
  });

  it('that was given up is left alone, also when only its newest attempts are still read', async () => {
    const sweep = createDeliverySweep({
      lost: givenUp,
      deliveries: log,
      store: { claim: claimFor() },
      clock: { now: () => now },
      log: { ...quiet, error: (_fields, text) => void said.push(text) },
    });
    deliver('refused', { isOk: false });
    for (let round = 0; round < 1_000; round += 1) {
      const before = asked.length;
      await sweep.run();
      if (asked.length > before) deliver('refused', { isOk: false });
      now += 5 * minuteMs;
    }
    expect(asked).toHaveLength(15);
    expect(said).toEqual(['a delivery is refused every time and is given up']);
  });

  it('that is refused for ever is given up, however much else arrives meanwhile', async () => {
    const sweep = createDeliverySweep({
      ...portsWithClaims(),
      log: { ...quiet, error: (_fields, text) => void said.push(text) },
      deliveries: {
        ...log,
        async list(from) {
          const end = from === undefined ? attempts.length : Number(from);
          const start = Math.max(0, end - pageSize);
          const page = attempts.slice(start, end).reverse();
          return { attempts: page, next: start > 0 ? String(start) : undefined, readAt: now };
        },
      },
    });
    deliver('refused', { isOk: false });
    for (let round = 0; round < 34; round += 1) {
      const before = asked.length;
      await sweep.run();
      if (asked.length > before) deliver('refused', { isOk: false });
      now += 2 * hourMs;
      for (let count = 0; count < 900; count += 1) deliver(`well-${round}-${count}`, { isOk: true });
    }
    expect(said).toEqual(['a delivery is refused every time and is given up']);
  });

  it('is asked for alone while nothing arrives that is asked for, each in its turn', async () => {
    const sweep = createDeliverySweep({ ...portsWithClaims(), log: quiet });
    const guids = ['one', 'two', 'three'];
    for (const [at, guid] of guids.entries()) deliver(guid, { isOk: false, at: now - hourMs + at });
    const runAndFail = async () => {
      const before = asked.length;
      await sweep.run();
      const again = asked.slice(before).map((id) => attempts[id - 1]?.guid ?? '');
      now += hourMs;
      for (const guid of again) deliver(guid, { isOk: false });
      now += hourMs;
      return again;
    };
    expect(await runAndFail()).toEqual(guids);
    expect([await runAndFail(), await runAndFail(), await runAndFail()]).toEqual([['one'], ['two'], ['three']]);
    deliver('well', { isOk: true });
    now += hourMs;
    expect(await runAndFail()).toEqual(guids);
  });

  it('is found by the clock that the log is written by, however far ours is ahead of it', async () => {
    aheadMs = hourMs;
    const sweep = start();
    deliver('well', { isOk: true, at: now - aheadMs });
    await sweep.run();
    now += 5 * minuteMs;
    const lost = deliver('lost', { isOk: false, at: now - aheadMs });
    await sweep.run();
    expect(asked).toEqual([lost]);
  });

  it('that GitHub will not deliver again keeps no other from being asked for, and is said once', async () => {
    const [first = 0, second = 0] = [0, 1].map((age) => deliver(`old-${age}`, { isOk: false, at: now - hourMs + age }));
    const lost = deliver('lost', { isOk: false });
    const redeliver = async (id: number) => {
      asked.push(id);
      if (id !== lost) throw new ExternalError({ system: 'github', message: 'answered 422', retry: 'never' });
    };
    const sweep = createDeliverySweep({
      lost: givenUp,
      deliveries: { ...log, redeliver },
      store: { claim: claimFor() },
      clock: { now: () => now },
      log: { ...quiet, error: (_fields, text) => void said.push(text) },
    });
    await sweep.run();
    expect(asked).toEqual([first, second, lost]);
    deliver('lost', { isOk: true });
    now += hourMs;
    await sweep.run();
    expect(asked).toHaveLength(3);
    expect(said).toEqual(Array(2).fill('a delivery cannot be made again and is given up'));
  });

  it('that cannot be asked for now stops the round: a limit holds for all of them', async () => {
    deliver('one', { isOk: false });
    deliver('other', { isOk: false });
    const redeliver = async () => {
      pagesRead += 100;
      throw new ExternalError({ system: 'github', message: '429', retry: { at: now + hourMs } });
    };
    const sweep = createDeliverySweep({
      lost: givenUp,
      deliveries: { ...log, redeliver },
      store: { claim: claimFor() },
      clock: { now: () => now },
      log: quiet,
    });
    await expect(sweep.run()).rejects.toThrow('429');
    expect(pagesRead).toBe(101);
  });

  it('that fails whenever it is asked for keeps no other from being asked for', async () => {
    const broken = deliver('broken', { isOk: false, at: now - hourMs });
    const other = deliver('other', { isOk: false });
    const redeliver = async (id: number) => {
      if (id === broken) throw new ExternalError({ system: 'github', message: '502', retry: 'soon' });
      asked.push(id);
    };
    const sweep = createDeliverySweep({ ...portsWithClaims(), deliveries: { ...log, redeliver }, log: quiet });
    await expect(sweep.run()).rejects.toThrow('502');
    expect(asked).toEqual([other]);
  });

  it('is not asked for, nor any after it, when three requests before it failed', async () => {
    for (let count = 0; count < 5; count += 1) deliver(`lost-${count}`, { isOk: false, at: now - hourMs + count });
    const redeliver = async (id: number) => {
      asked.push(id);
      throw new ExternalError({ system: 'github', message: '502', retry: 'soon' });
    };
    const sweep = createDeliverySweep({ ...portsWithClaims(), deliveries: { ...log, redeliver }, log: quiet });
    await expect(sweep.run()).rejects.toThrow('502');
    expect(asked).toHaveLength(3);
  });

  it('older than GitHub can deliver again is not asked for', async () => {
    deliver('old', { isOk: false, at: now - 73 * hourMs });
    await start().run();
    expect(asked).toEqual([]);
  });
});

describe('the log', () => {
  it('is read to its end at first, and then only as far as something may have changed', async () => {
    for (let count = 0; count < 95; count += 1) deliver(`well-${count}`, { isOk: true, at: now - hourMs - count });
    const sweep = start();
    await sweep.run();
    expect(pagesRead).toBe(10);
    now += 5 * minuteMs;
    await sweep.run();
    expect(pagesRead).toBe(11);
  });

  it('is read once, and what is missing of it is remembered', async () => {
    const sweep = start();
    deliver('lost', { isOk: false, at: now - 2 * hourMs });
    await sweep.run();
    now += 5 * minuteMs;
    deliver('lost', { isOk: false });
    now += minuteMs;
    await sweep.run();
    // Both attempts were seen, so this is a new state of the delivery.
    expect(asked).toHaveLength(2);
  });

  it('of which a delivery could not be asked for is asked for it in the next round, and not only after its claim', async () => {
    let isDown = true;
    deliver('lost', { isOk: false, at: now - hourMs });
    const down = new ExternalError({ system: 'github', message: 'down', retry: 'soon' });
    const sweep = createDeliverySweep({
      lost: givenUp,
      deliveries: { ...log, redeliver: (id) => (isDown ? Promise.reject(down) : log.redeliver(id)) },
      store: { claim: claimFor() },
      clock: { now: () => now },
      log: quiet,
    });
    await expect(sweep.run()).rejects.toThrow('down');
    now += 5 * minuteMs;
    await expect(sweep.run()).rejects.toThrow('down');
    isDown = false;
    now += 5 * minuteMs;
    await sweep.run();
    await sweep.run();
    expect(asked).toHaveLength(1);
  });

  it('that could not be read leaves nothing behind: the next round begins where this one did', async () => {
    let isDown = true;
    deliver('lost', { isOk: false, at: now - hourMs });
    const sweep = createDeliverySweep({
      lost: givenUp,
      deliveries: { ...log, list: (from) => (isDown ? Promise.reject(new Error('down')) : log.list(from)) },
      store: { claim: async () => true },
      clock: { now: () => now },
      log: quiet,
    });
    await expect(sweep.run()).rejects.toThrow('down');
    isDown = false;
    await sweep.run();
    expect(asked).toHaveLength(1);
  });
});

describe('a delivery that is given up', () => {
  /** Refused sixteen times. */
  async function giveUp(sweep: ReturnType<typeof start>): Promise<void> {
    for (let tries = 0; tries < 16; tries += 1) deliver('lost', { isOk: false, at: now - (16 - tries) * minuteMs });
    now += 7 * hourMs;
    await sweep.run();
  }

  it('is among the dead letters with its reason', async () => {
    await giveUp(start());
    const why = 'a delivery is refused every time and is given up';
    expect(await givenUp.list()).toEqual([
      { guid: 'lost', attemptId: 16, what: 'issues.labeled', attempts: 16, why, at: expect.any(Number) },
    ]);
    expect([said, asked]).toEqual([[why], []]);
  });

  it('is asked for again by the next round, once, where somebody wants it', async () => {
    const sweep = start();
    await giveUp(sweep);
    await givenUp.askAgain('lost');
    await sweep.run();
    await sweep.run();
    expect(asked).toEqual([16]);
    expect([await givenUp.list(), await givenUp.listAsked()]).toEqual([[], []]);
  });

  it('is among the dead letters again where the attempt that somebody wanted failed as well', async () => {
    const sweep = start();
    await giveUp(sweep);
    await givenUp.askAgain('lost');
    await sweep.run();
    deliver('lost', { isOk: false });
    now += 7 * hourMs;
    await sweep.run();
    expect(await givenUp.list()).toMatchObject([{ guid: 'lost', attemptId: 17, attempts: 17 }]);
  });

  it('keeps no other from being asked for while GitHub does not make it again', async () => {
    const redeliver = async (id: number) => {
      if (id === 16) throw new ExternalError({ system: 'github', message: '502', retry: 'soon' });
      asked.push(id);
    };
    const sweep = createDeliverySweep({ ...portsWithClaims(), deliveries: { ...log, redeliver }, log: quiet });
    await giveUp(sweep);
    await givenUp.askAgain('lost');
    const other = deliver('other', { isOk: false });
    await expect(sweep.run()).rejects.toThrow('502');
    expect(asked).toEqual([other]);
  });

  it('is asked for again later where GitHub is away, and given up once more where it cannot be delivered', async () => {
    const answers = [
      new ExternalError({ system: 'github', message: '502', retry: 'soon' }),
      new ExternalError({ system: 'github', message: '404', retry: 'never' }),
    ];
    const redeliver = async () => {
      throw answers.shift();
    };
    const sweep = createDeliverySweep({ ...portsWithClaims(), deliveries: { ...log, redeliver }, log: quiet });
    await giveUp(sweep);
    await givenUp.askAgain('lost');
    await expect(sweep.run()).rejects.toThrow('502');
    expect(await givenUp.listAsked()).toHaveLength(1);
    await sweep.run();
    expect(await givenUp.listAsked()).toEqual([]);
    expect(await givenUp.list()).toMatchObject([
      { guid: 'lost', why: 'a delivery cannot be made again and is given up' },
    ]);
  });

  it('is no dead letter any more once it arrived, whoever asked for it', async () => {
    const sweep = start();
    await giveUp(sweep);
    deliver('lost', { isOk: true });
    await sweep.run();
    expect(await givenUp.list()).toEqual([]);
  });
});

describe('up to when comments are known to have arrived', () => {
  const what = 'issue_comment.created';

  it('is the moment of the first one that did not, also when that is given up', async () => {
    const at = now - 2 * hourMs;
    deliver('lost', { isOk: false, at, what });
    deliver('label', { isOk: false, at: at - hourMs });
    deliver('heard', { isOk: true, at: at + hourMs, what });
    const sweep = start();
    expect(await sweep.run()).toEqual({ readAt: now, heardUntil: at });
    for (let tries = 0; tries < 20; tries += 1) {
      now += 6 * hourMs;
      deliver('lost', { isOk: false, what });
      if (now - at < 3 * 24 * hourMs) expect((await sweep.run()).heardUntil).toBe(at);
    }
  });

  it('is now once it arrived', async () => {
    deliver('lost', { isOk: false, at: now - hourMs, what });
    const sweep = start();
    await sweep.run();
    deliver('lost', { isOk: true, what });
    expect(await sweep.run()).toEqual({ readAt: now, heardUntil: now });
  });
});
