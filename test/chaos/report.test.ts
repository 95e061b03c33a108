import { expect, it } from 'vitest';
import { type ChaosResult, findUnmet, findUnplayed } from '../../src/demo/chaos/report/chaos-result.ts';
import { isClean, renderReport, renderVerdict } from '../../src/demo/chaos/report/render-report.ts';
import { findTakenBack } from '../../src/demo/chaos/verdict/find-taken-back.ts';

const clean: ChaosResult = {
  seed: 7,
  machine: '2 × a processor',
  wallSeconds: 43,
  restSeconds: 3,
  runsAskedFor: 1,
  runsStarted: 1,
  pulls: 1,
  merged: 1,
  killsPlanned: 2,
  kills: [
    { service: 'web', pid: 1, at: 0, downMs: 700 },
    { service: 'redis', pid: 2, at: 0, downMs: 300 },
  ],
  outagesPlanned: 1,
  outages: [{ ms: 2_100, met: 5 }],
  faults: {
    answers: { outage: 5, slow: 3 },
    cutAnswers: 1,
    dropped: 2,
    doubled: 1,
    failed: 4,
    redelivered: 6,
  },
  exchanges: 334,
  webhooks: 137,
  isLogWhole: true,
  findings: [],
  leftovers: [],
  unsettled: [],
  latencies: [{ what: 'a command until its first sign', count: 8, medianMs: 900, maxMs: 4000 }],
  stories: [{ item: 1, kind: 'run', where: 'acme/one', end: '#1: merged', seconds: 19 }],
};

it('says in its last line what a chaos run is started for', () => {
  expect(renderVerdict(clean)).toBe('0 lost, 0 doubled, 0 stuck');
  expect(isClean(clean)).toBe(true);
});

it('counts what was left over as stuck, and tells what is wrong besides', () => {
  const findings = [
    { kind: 'lost', where: 'acme/one#1', what: 'x' },
    { kind: 'doubled', where: 'acme/one#1', what: 'x' },
    { kind: 'wrong', where: 'the plan', what: '2 kills were planned, 1 were carried out' },
  ] as const;
  const result = { ...clean, findings, leftovers: [{ kind: 'stuck', where: 'process 9', what: 'sleep' } as const] };
  expect(renderVerdict(result)).toBe('1 lost, 1 doubled, 1 stuck, 1 wrong');
  expect(isClean(result)).toBe(false);
});

it('is not clean while the store holds something, though GitHub shows nothing of it', () => {
  const unsettled = [{ kind: 'stuck', where: 'host/1/1', what: 'the outbox holds present-1' } as const];
  expect(isClean({ ...clean, unsettled })).toBe(false);
  expect(renderReport({ ...clean, unsettled })).toContain('The store holds 1 unsettled entries.');
});

it('finds an outage wrong that was planned and met nobody', () => {
  const played = { ...clean, kills: clean.killsPlanned };
  expect(findUnplayed({ all: [] }, played)).toEqual([]);
  expect(findUnplayed({ all: [] }, { ...played, outages: [{ ms: 2_100, met: 0 }] })).toEqual([
    { kind: 'wrong', where: 'the plan', what: '1 outages were planned, 0 met a request' },
  ]);
});

it('finds a comment doubled that was taken back', () => {
  const template = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
  const path = '/repos/acme/one/issues/comments/7';
  expect(findTakenBack([{ method: 'PATCH', template, path }])).toEqual([]);
  expect(findTakenBack([{ method: 'DELETE', template, path }])).toMatchObject([{ kind: 'doubled', where: path }]);
});

it('finds faults wrong that were planned and met nothing', () => {
  const fault = (how: 'drop' | 'double') =>
    ({ at: 0, kind: 'fault', fault: { kind: 'delivery', how, event: '*', count: 1 } }) as never;
  const answer = { at: 0, kind: 'fault', fault: { kind: 'answer', how: 'slow', route: '*', count: 1 } } as never;
  const steps = [fault('drop'), fault('double'), answer];
  expect(findUnmet({ steps }, clean.faults)).toEqual([]);
  expect(findUnmet({ steps }, { ...clean.faults, answers: { outage: 3 }, dropped: 0, doubled: 0 })).toHaveLength(3);
});

it('is a page that people can read', () => {
  expect(renderReport(clean)).toMatchInlineSnapshot(`
    "# Chaos run, seed 7

    **0 lost, 0 doubled, 0 stuck.** The store holds 0 unsettled entries.

    | what | count |
    | --- | --- |
    | runs asked for | 1 |
    | runs started | 1 |
    | pull requests of runs | 1 |
    | of these merged | 1 |
    | kills planned | 2 |
    | kills carried out | 2 |
    | · redis | 1 |
    | · web | 1 |
    | outages of GitHub planned | 1 |
    | outages of GitHub carried out | 1 |
    | · requests that met one | 5 |
    | answers of GitHub broken: slow | 3 |
    | answers cut after the write | 1 |
    | deliveries dropped | 2 |
    | deliveries doubled | 1 |
    | deliveries failed | 4 |
    | deliveries sent again, asked for by the bot | 6 |
    | exchanges held to the schemas | 334 |
    | webhooks held to the schemas | 137 |
    | seconds in all | 43 |
    | seconds until all rested | 3 |

    ## Latencies

    Informational: they depend on the machine and on what was broken. GitHub tells times to the second.

    | what | count | median | longest |
    | --- | --- | --- | --- |
    | a command until its first sign | 8 | 900 ms | 4000 ms |

    ## Stories

    - acme/one#1: merged (19 s)

    <sub>2 × a processor. The seed decides what is done in which order; when each step happens is up to the machine.</sub>
    "
  `);
});
