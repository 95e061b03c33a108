// The frame around every action, with a clock that the test moves: who holds, for how long, and what is reported.
import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/core/model/action.ts';
import type { Event, ResultEvent } from '../../src/core/model/event.ts';
import { openRecord, type SubjectRecord } from '../../src/core/model/record.ts';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { carryOut, type Held } from '../../src/engine/carry-out.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { BeginResult, LoadedSubject, Permit, StorePort } from '../../src/engine/port/store.ts';
import { quiet } from '../support/quiet.ts';
import { HandClock, settle } from './hand-clock.ts';

const repository = { host: 'github.test', id: 7, owner: 'acme', name: 'errors', installationId: 3 } as const;
const subject = toSubjectId(repository.host, repository.id, 1);
const attempt: Action = { kind: 'attempt', id: 'r1-attempt-a-1', runId: 'r1', task: 'a', number: 1, base: 'b' };
const publish: Action = { kind: 'publish_branch', id: 'r1-publish-1', runId: 'r1', head: 'c', base: 'b' };
const merge: Action = {
  kind: 'merge',
  id: 'r1-merge-1',
  runId: 'r1',
  number: 9,
  head: 'c',
  base: 'b',
  requestedBy: { id: 1, login: 'mona', kind: 'person' },
  ask: 'ask',
  epoch: 1,
};
const verify: Action = {
  kind: 'verify',
  id: 'r1-verify-1',
  runId: 'r1',
  head: 'c',
  origin: 'ours',
  isFresh: false,
};
const spend = { inputTokens: 0, outputTokens: 0, microUsd: 0 };
const gone = () => new ExternalError({ system: 'redis', message: 'gone', retry: 'soon' });
const never = () => new Promise<never>(() => undefined);

interface Options {
  readonly action?: Action;
  readonly isNewer?: boolean;
  readonly begin?: BeginResult;
  readonly heartbeat?: StorePort['heartbeat'];
  readonly append?: (event: Event) => Promise<boolean>;
  readonly limits?: { perRepository: number | undefined; perInstallation: number | undefined };
}

function stage(options: Options = {}) {
  const { action = attempt } = options;
  const clock = new HandClock();
  const draining = new AbortController();
  const reported: ResultEvent[] = [];
  const asked: { beats: number; begins: (readonly Permit[])[]; wakes: number } = { beats: 0, begins: [], wakes: 0 };
  const live: string[] = [];
  const record: SubjectRecord = openRecord(repository, 1, { isPullRequest: false, title: 'x' });
  const state = { kind: 'begun', token: 't', leaseUntil: 0, cancelled: false } as const;
  const store: Partial<StorePort> = {
    load: async (): Promise<LoadedSubject> => ({
      now: clock.now(),
      version: 1,
      record: options.isNewer ? undefined : record,
      isNewer: options.isNewer ?? false,
      inbox: [],
      unreadable: [],
      outbox: [],
    }),
    begin: async (_record, _id, _dispatch, _leaseMs, permits = []) => {
      asked.begins.push(permits);
      return options.begin ?? { kind: 'begun', token: 't', entry: { action, dispatch: 1, isSettling: false, state } };
    },
    heartbeat: async (...call) => {
      asked.beats += 1;
      return options.heartbeat ? await options.heartbeat(...call) : 'held';
    },
    append: async (_record, _id, event) => {
      await options.append?.(event);
      reported.push(event as ResultEvent);
      return true;
    },
    appendLive: async (_subject, _actionId, line) => void live.push(line),
  };
  const queue = {
    wake: async () => {
      asked.wakes += 1;
    },
    wakeAfresh: async () => undefined,
    dispatch: async () => undefined,
  };
  const shared = options.limits ?? { perRepository: undefined, perInstallation: undefined };
  const limits = { ...shared, host: { name: 'here', agents: 4, checks: 2 } };
  const ports = { store: store as StorePort, queue, clock, log: quiet, limits, draining: draining.signal };
  return {
    clock,
    reported,
    asked,
    live,
    drain: () => draining.abort(),
    run: <K extends Action['kind']>(kind: K, work: (held: Held<K>) => Promise<ResultEvent['outcome']>) =>
      carryOut(ports, { subject, actionId: action.id, dispatch: 1, kind }, work),
  };
}

/** Works until it is told to end, as an agent does. */
async function untilEnded({ signal }: Held<'attempt'>): Promise<ResultEvent['outcome']> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return { kind: 'stopped', spend };
}

describe('taking an action', () => {
  it('leaves alone what a newer version asked for', async () => {
    const { run, asked } = stage({ isNewer: true });
    await run('attempt', never);
    expect(asked.begins).toEqual([]);
  });

  it('asks for a place per repository and per installation where they are limited', async () => {
    const { run, asked } = stage({ limits: { perRepository: 2, perInstallation: 8 } });
    await run('attempt', async () => ({ kind: 'stopped', spend }));
    expect(asked.begins).toEqual([
      [
        { name: 'repository/github.test/7', limit: 2 },
        { name: 'installation/github.test/3', limit: 8 },
        { name: 'host/here/agents', limit: 4 },
      ],
    ]);
  });

  it('asks for a place on its machine for whatever opens sandboxes, so that no merge waits for agents', async () => {
    const agents = stage({});
    await agents.run('attempt', async () => ({ kind: 'stopped', spend }));
    expect(agents.asked.begins).toEqual([[{ name: 'host/here/agents', limit: 4 }]]);
    const checks = stage({ action: verify, limits: { perRepository: 1, perInstallation: 1 } });
    await checks.run('verify', async () => ({ kind: 'stopped' }));
    expect(checks.asked.begins).toEqual([[{ name: 'host/here/checks', limit: 2 }]]);
  });

  it('asks for none where no sandbox is opened', async () => {
    const { run, asked } = stage({ action: publish, limits: { perRepository: 1, perInstallation: 1 } });
    await run('publish_branch', async () => ({ kind: 'stopped' }));
    expect(asked.begins).toEqual([[]]);
  });

  it('takes a full house for an answer, and shows who is before it', async () => {
    const begin: BeginResult = { kind: 'refused', why: 'full', permit: 'repository/github.test/7', ahead: 3 };
    const { run, reported, live } = stage({ begin });
    await run('attempt', never);
    expect(reported).toEqual([]);
    expect(live).toEqual(['waits for a place (repository/github.test/7); before it: 3']);
  });
});

describe('keeping the lease', () => {
  it.each([
    ['cancelled', false],
    ['lost', false],
    ['held', true],
  ] as const)('asks at once whether it is still wanted, and obeys: %s', async (answer, isWanted) => {
    const { run, asked } = stage({ heartbeat: async () => answer });
    let said: unknown;
    await run('attempt', async ({ isStillWanted, signal }) => {
      said = [await isStillWanted(), signal.aborted];
      return { kind: 'stopped', spend };
    });
    // No time has passed: no heartbeat was due.
    expect([said, asked.beats]).toEqual([[isWanted, !isWanted], 1]);
  });

  it('works on for as long as it is renewed, however long that is', async () => {
    const { run, clock, asked, reported } = stage();
    let end: (outcome: ResultEvent['outcome']) => void = () => undefined;
    const running = run('attempt', () => new Promise((resolve) => (end = resolve)));
    await clock.pass(3_600_000);
    expect(asked.beats).toBe(3_600);
    end({ kind: 'stopped', spend });
    await running;
    expect(reported).toEqual([
      { kind: 'attempt_ended', actionId: attempt.id, token: 't', outcome: { kind: 'stopped', spend } },
    ]);
  });

  it('hears of a stop with the next heartbeat', async () => {
    const { run, clock, reported } = stage({ heartbeat: async () => 'cancelled' });
    const running = run('attempt', untilEnded);
    await clock.pass(1_000);
    await running;
    expect(reported).toHaveLength(1);
  });

  it('hears of a stop at once when the event loop was held up', async () => {
    const { run, clock, reported } = stage({ heartbeat: async () => 'cancelled' });
    const running = run('attempt', untilEnded);
    await settle();
    clock.jump(4_000);
    await clock.pass(0);
    await running;
    expect(reported).toHaveLength(1);
  });

  const stores: [string, StorePort['heartbeat']][] = [
    ['says nothing', never],
    ['fails', async () => Promise.reject(gone())],
    ['says that somebody else holds it', async () => 'lost'],
  ];
  it.each(stores)('ends its work two seconds before the lease when the store %s', async (_how, heartbeat) => {
    const { run, clock } = stage({ heartbeat });
    let endedAt: number | undefined;
    const startedAt = clock.now();
    const running = run('attempt', async (held) => {
      const outcome = await untilEnded(held);
      endedAt = clock.now();
      return outcome;
    });
    await clock.pass(8_000);
    await running;
    expect((endedAt ?? Number.POSITIVE_INFINITY) - startedAt).toBeLessThanOrEqual(8_000);
  });

  it('survives a store that is slow', async () => {
    const slow = new HandClock();
    const { run, clock, reported } = stage({ heartbeat: async () => clockOf(slow) });
    const clockOf = async (clockOfStore: HandClock) => {
      await clockOfStore.sleep(3_000);
      return 'held' as const;
    };
    let isEnded = false;
    const running = run('attempt', async (held) => {
      const outcome = await untilEnded(held);
      isEnded = true;
      return outcome;
    });
    for (let second = 0; second < 60; second += 1) {
      await clock.pass(1_000);
      await slow.pass(1_000);
    }
    expect(isEnded).toBe(false);
    await clock.pass(20_000);
    await running;
    expect(reported).toHaveLength(1);
  });

  it('does nothing outward after its process was held up for longer than the lease, before any timer could say so', async () => {
    const { run, clock } = stage({ action: publish });
    let mayPush: boolean | undefined;
    let proceed: () => void = () => undefined;
    const running = run('publish_branch', async ({ stillHolds, signal }) => {
      expect(stillHolds()).toBe(true);
      await new Promise<void>((resolve) => (proceed = resolve));
      mayPush = stillHolds();
      expect(signal.aborted).toBe(true);
      return { kind: 'stopped' };
    });
    await settle();
    clock.jump(9_000);
    proceed();
    await running;
    expect(mayPush).toBe(false);
  });
});

describe('reporting', () => {
  it('does not lose a result to a store that is away for a moment', async () => {
    let failures = 20;
    const append = async () => {
      failures -= 1;
      if (failures >= 0) throw gone();
      return true;
    };
    const { run, clock, reported, asked } = stage({ append });
    const running = run('attempt', async () => ({ kind: 'stopped', spend }));
    await clock.pass(6_000);
    await running;
    expect(reported).toHaveLength(1);
    expect(asked.wakes).toBe(1);
    // The lease is kept while it waits.
    expect(asked.beats).toBeGreaterThan(0);
  });

  it('gives up on a store that stays away, and says so', async () => {
    const { run, clock } = stage({ append: async () => Promise.reject(gone()) });
    const failing = expect(run('attempt', async () => ({ kind: 'stopped', spend }))).rejects.toThrow('gone');
    await clock.pass(61_000);
    await failing;
  });

  it('tells a bug as a failure by its name, without the secret in it', async () => {
    const { run, reported } = stage();
    await run('attempt', async () => {
      throw new TypeError('undefined is no ghp_0123456789abcdefghijABCDEFGHIJ012345');
    });
    expect(reported).toMatchObject([
      {
        kind: 'attempt_ended',
        outcome: {
          kind: 'failed',
          cause: {
            kind: 'infrastructure',
            system: 'gatepilot',
            detail: 'a fault of Gatepilot itself: undefined is no [redacted]',
          },
        },
      },
    ]);
  });

  it('keeps what was used before a bug was met', async () => {
    const { run, reported } = stage();
    const used = { inputTokens: 7, outputTokens: 5, microUsd: 3 };
    await run('attempt', async ({ spent }) => {
      spent.spend = used;
      throw new TypeError('undefined is no function');
    });
    expect(reported).toMatchObject([{ outcome: { kind: 'failed', spend: used } }]);
  });

  it('says nothing about a merge that met a bug: whoever takes it next reads whether it landed', async () => {
    const { run, reported } = stage({ action: merge });
    const bug = new TypeError('no sha');
    await expect(run('merge', async () => Promise.reject(bug))).rejects.toBe(bug);
    expect(reported).toEqual([]);
  });
});

describe('a process that drains', () => {
  it('hands an attempt over at once, and says that it is no stop', async () => {
    const { run, drain, reported } = stage();
    const running = run('attempt', untilEnded);
    await settle();
    drain();
    await running;
    expect(reported.map(({ outcome }) => outcome)).toEqual([{ kind: 'stopped', reason: 'handover', spend }]);
  });

  it('lets a push come to its end', async () => {
    const { run, drain, reported } = stage({ action: publish });
    let isAborted: boolean | undefined;
    await run('publish_branch', async ({ signal }) => {
      drain();
      isAborted = signal.aborted;
      return { kind: 'stopped' };
    });
    expect(isAborted).toBe(false);
    expect(reported).toHaveLength(1);
  });

  it('keeps what ended in the same moment', async () => {
    const { run, drain, reported } = stage();
    await run('attempt', async () => {
      drain();
      return { kind: 'failed', cause: { kind: 'no_change', said: '' }, summary: '', spend };
    });
    expect(reported).toMatchObject([{ outcome: { kind: 'failed', cause: { kind: 'no_change' } } }]);
  });

  it('begins nothing long any more', async () => {
    const { run, drain, asked } = stage();
    drain();
    await run('attempt', never);
    expect(asked.begins).toEqual([]);
  });
});
