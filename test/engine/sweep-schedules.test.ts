// Schedules over time: workers that look at the same moment, that die at any step, that come late, and clocks that jump.
// The store and the ledger are real.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toChoresId, toSubjectId } from '../../src/core/model/subject.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { OwnIssue, ScheduleLedger, SchedulePort } from '../../src/engine/port/schedule.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { createScheduleSweep, type ScheduleSweepPorts } from '../../src/engine/sweep-schedules.ts';
import { createScheduleLedger } from '../../src/store/create-schedule-ledger.ts';
import { createStore } from '../../src/store/create-store.ts';
import { quiet } from '../support/quiet.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const host = 'github.test';
const repository = { host, id: 7, owner: 'acme', name: 'shop', installationId: 3 };
const ourselves = { id: 5, login: 'gatepilot[bot]', kind: 'bot' } as const;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const hourly = 'schedule:\n  - { name: hourly, text: Tidy up, cron: "0 * * * *" }\n';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

let now: number;
let issues: OwnIssue[];
let policyText: string | undefined;
let pushedAt: number;
let isFork: boolean;
let store: StorePort;
let ledger: ScheduleLedger;
let policyReads: number;
let round = 0;
const time = { now: () => now };

beforeEach(() => {
  now = Date.UTC(2030, 0, 1, 0, 30);
  issues = [];
  policyText = hourly;
  pushedAt = now - hourMs;
  isFork = false;
  policyReads = 0;
  openLedger();
});

function openLedger(): void {
  round += 1;
  const options = { prefix: `{schedules-${round}}`, clock: time };
  store = createStore(redis.connect(), options);
  ledger = createScheduleLedger(redis.connect(), options);
}

const github: SchedulePort & ScheduleSweepPorts['github'] = {
  listInstallations: async () => [3],
  listRepositories: async () => [{ repository, defaultBranch: 'main', pushedAt, isFork }],
  listOwnIssues: async () => [...issues],
  async openIssue(_repository, { title, body }) {
    const issue = { number: issues.length + 1, title, body, isOpen: true, author: ourselves };
    issues.push(issue);
    return issue;
  },
  async readFile() {
    policyReads += 1;
    return policyText;
  },
  listChanges: async () => [],
};

class Killed extends Error {}

/** A worker that dies at its n-th step, before or after that has had its effect. */
function startWorker(death?: { step: number; isAfter: boolean }) {
  let step = 0;
  const mortal = <T extends object>(port: T): T =>
    new Proxy(port, {
      get:
        (target, name) =>
        async (...rest: unknown[]) => {
          step += 1;
          const dies = death?.step === step;
          if (dies && !death.isAfter) throw new Killed();
          const answer: unknown = await Reflect.apply(
            Reflect.get(target, name) as (...of: unknown[]) => unknown,
            target,
            rest,
          );
          if (dies) throw new Killed();
          return answer;
        },
    });
  const sweep = createScheduleSweep({
    schedules: mortal<SchedulePort>(github),
    github: mortal(github),
    ledger: mortal(ledger),
    store: mortal(store),
    queue: mortal({ wake: async () => undefined }),
    log: quiet,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    writesPerMinute: 1000,
  });
  return { run: () => sweep.run(new AbortController().signal), countSteps: () => step };
}

async function listFired(): Promise<string[]> {
  const loaded = await Promise.all(issues.map(({ number }) => store.load(toSubjectId(host, 7, number))));
  return loaded
    .flatMap(({ inbox }) => inbox.map(({ event }) => event))
    .map((event) => (event.kind === 'scheduled' ? new Date(event.at).toISOString().slice(11, 16) : event.kind));
}

describe('a schedule', () => {
  it('opens an issue that says what it asks for, and comes there again as long as that is open', async () => {
    const worker = startWorker();
    for (let hour = 0; hour < 3; hour += 1, now += hourMs) await worker.run();
    expect(await listFired()).toEqual(['01:00', '02:00']);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchInlineSnapshot(`
      {
        "author": {
          "id": 5,
          "kind": "bot",
          "login": "gatepilot[bot]",
        },
        "body": "The schedule \`hourly\` in \`.github/gatepilot.yml\` starts its runs here. It asks for:

      \`\`\`text
      Tidy up
      \`\`\`

      As long as this issue is open, its next time comes here too; once it is closed, another one is opened then. To end the schedule, take it out of the file.

      <!-- gatepilot:schedule:hourly --><!-- gatepilot:schedule:hourly@1893459600000 -->",
        "isOpen": true,
        "number": 1,
        "title": "Scheduled: hourly",
      }
    `);
    issues = issues.map((issue) => ({ ...issue, isOpen: false }));
    await worker.run();
    expect(issues).toHaveLength(2);
    expect(await listFired()).toEqual(['01:00', '02:00', '03:00']);
  });

  it('of a fork starts nothing, and its pull requests are looked after all the same', async () => {
    isFork = true;
    const worker = startWorker();
    for (let hour = 0; hour < 3; hour += 1, now += hourMs) await worker.run();
    expect(issues).toEqual([]);
    const { inbox } = await store.loadChores(toChoresId(repository));
    expect(inbox.map(({ event }) => event.kind)).toContain('covered');
  });

  it('fires once where workers look at the same moment', async () => {
    await startWorker().run();
    now += hourMs;
    await Promise.all([startWorker(), startWorker(), startWorker()].map((worker) => worker.run()));
    expect(await listFired()).toEqual(['01:00']);
    expect(issues).toHaveLength(1);
  });

  it('fires once over a restart, and once for all that was missed', async () => {
    await startWorker().run();
    now += 5 * hourMs;
    await startWorker().run();
    await startWorker().run();
    expect(await listFired()).toEqual(['05:00']);
  });

  it('fires no moment twice when the clock jumps back', async () => {
    const worker = startWorker();
    await worker.run();
    now += 2 * hourMs;
    await worker.run();
    now -= hourMs;
    await worker.run();
    now += 2 * hourMs;
    await worker.run();
    expect(await listFired()).toEqual(['02:00', '03:00']);
  });

  it('is due by the clock that all workers share, whatever their own says', async () => {
    await startWorker().run();
    now += hourMs;
    await startWorker().run();
    expect(await listFired()).toEqual(['01:00']);
    const shared = createScheduleLedger(redis.connect(), { prefix: `{schedules-${round}}` });
    const [seconds] = await redis.connect().time();
    expect(Math.abs((await shared.readTime()) - Number(seconds) * 1000)).toBeLessThan(60_000);
  });

  it('is silent for a day at most when that clock ran a year ahead', async () => {
    const worker = startWorker();
    await worker.run();
    now += 365 * dayMs;
    await worker.run();
    expect(await listFired()).toEqual(['00:00']);
    now -= 365 * dayMs;
    await worker.run();
    now += hourMs;
    await worker.run();
    expect(await listFired()).toEqual(['00:00', '01:00']);
  });

  it('fires exactly once and has one issue, at whichever step its worker dies', async () => {
    let steps = Number.POSITIVE_INFINITY;
    for (let step = 1; step <= steps; step += 1) {
      for (const isAfter of [false, true]) {
        issues = [];
        now = Date.UTC(2030, 0, 1, 0, 30);
        openLedger();
        await startWorker().run();
        now += hourMs;
        const mortal = startWorker({ step, isAfter });
        await mortal.run().then(
          () => {
            steps = mortal.countSteps();
          },
          (error) => expect(error).toBeInstanceOf(Killed),
        );
        // Whoever comes next comes after the claim of the dead.
        now += 3 * minuteMs;
        await startWorker().run();
        await startWorker().run();
        expect({ step, isAfter, fired: await listFired(), issues: issues.length }).toEqual({
          step,
          isAfter,
          fired: ['01:00'],
          issues: 1,
        });
      }
    }
    expect(steps).toBeGreaterThan(8);
  });

  it('owes nothing for the time before it was seen, nor when it is told to come at other times', async () => {
    const worker = startWorker();
    policyText = hourly.replace('0 * * * *', '0 0 * * *');
    await worker.run();
    policyText = hourly.replace('0 * * * *', '0 * * * *');
    pushedAt = now;
    now += 3 * hourMs;
    await worker.run();
    expect(await listFired()).toEqual([]);
    now += hourMs;
    await worker.run();
    expect(await listFired()).toEqual(['04:00']);
  });

  it('is forgotten when it is taken out, and starts anew when it is put back', async () => {
    const worker = startWorker();
    await worker.run();
    policyText = '';
    pushedAt = now;
    await worker.run();
    policyText = hourly;
    pushedAt = now + 1;
    now += 2 * hourMs;
    await worker.run();
    expect(await listFired()).toEqual([]);
  });

  it('is read again only after a push', async () => {
    const worker = startWorker();
    for (let look = 0; look < 5; look += 1, now += minuteMs) await worker.run();
    expect(policyReads).toBe(1);
    pushedAt = now;
    await worker.run();
    await worker.run();
    now += 5 * minuteMs;
    await worker.run();
    await worker.run();
    // Once more after the minute in which there may have been another push of the same second.
    expect(policyReads).toBe(4);
  });

  it('waits where GitHub does not answer, and is given up where it never will', async () => {
    const failing = { ...github };
    const sweep = () =>
      createScheduleSweep({
        schedules: failing,
        github: failing,
        ledger,
        store,
        queue: { wake: async () => undefined },
        log: quiet,
        hash: (text) => text,
        writesPerMinute: 1000,
      }).run(new AbortController().signal);
    const fail = (retry: 'soon' | 'never') => async () => {
      throw new ExternalError({ system: 'github', message: 'no', retry });
    };
    const sweepInTrouble = async (retry: 'soon' | 'never') => {
      now += hourMs;
      failing.openIssue = fail(retry);
      await sweep();
      failing.openIssue = github.openIssue;
      now += 3 * minuteMs;
      await sweep();
    };
    await sweep();
    await sweepInTrouble('soon');
    expect(await listFired()).toEqual(['01:00']);
    issues = [];
    await sweepInTrouble('never');
    expect(issues).toEqual([]);
  });
});
