// Histories that broke something once, each in its smallest form. They stay as they are.
import { describe, expect, it } from 'vitest';
import { type History, quiet } from './history.ts';
import { simulate } from './simulate.ts';

const label = { kind: 'label', afterS: 0, issue: 0 } as const;

const regressions: Record<string, Partial<History>> = {
  'a merge by hand of what was verified before was looked for in the newest verdict only': {
    acts: [
      label,
      { kind: 'merge_by_hand', afterS: 36, issue: 0 },
      { kind: 'push_base', afterS: 0, issue: 0 },
      { kind: 'recheck', afterS: 1, issue: 0 },
    ],
    verifies: ['slow'],
    faults: [{ on: 'github', nth: 18, kind: 'fails' }],
    mishaps: [{ of: 'webhook', nth: 5, kind: 'lost' }],
  },
  'a list that lags behind made a second sticky comment that nobody took away': { listLagS: 6, plans: ['one'] },
  'a list that lags behind left two reactions on one command': {
    listLagS: 6,
    acts: [label, { kind: 'stop', afterS: 1, issue: 0 }],
  },
  'a presentation that made nothing counted as the last look, though an earlier one had just made something': {
    listLagS: 6,
    acts: [label, { kind: 'merge', afterS: 0, issue: 0 }],
  },
  'a doubled comment of an earlier run was never looked at again': {
    listLagS: 6,
    acts: [label, { kind: 'stop', afterS: 1, issue: 0 }, { kind: 'label', afterS: 1, issue: 0 }],
  },
  'a publisher that hung wrote a comment long after it was replaced, and no list showed it yet': {
    workers: 2,
    listLagS: 6,
    faults: [{ on: 'github.createComment', nth: 1, kind: 'hangs_before' }],
  },
  'a heartbeat revived a lease that a decision had seen end': {
    schedule: 527_871,
    faults: [{ on: 'queue.dispatch', nth: 7, kind: 'hangs_before' }],
    mishaps: [{ of: 'job', nth: 4, kind: 'doubled' }],
  },
  'a publisher that lost its lease before it showed anything said that it had shown everything': {
    schedule: 323_287,
    acts: [label, { kind: 'stop', afterS: 1, issue: 0 }],
    faults: [{ on: 'store', nth: 42, kind: 'hangs_before' }],
    mishaps: [{ of: 'job', nth: 2, kind: 'lost' }],
  },
  'a thread that had a record of its own lost its next look when it became the thread of a run': {
    schedule: 77_385,
    workers: 3,
    maxAttempts: 1,
    acts: [label, { kind: 'close_pull', afterS: 31, issue: 0 }, { kind: 'merge', afterS: 2, issue: 0 }],
    agents: ['leaks_secret'],
    verifies: ['slow'],
    faults: [
      { on: 'store', nth: 1, kind: 'fails' },
      { on: 'store.append', nth: 10, kind: 'hangs_before' },
    ],
  },
  'a head that was pushed over work of another host was taken for an outage': {
    schedule: 14,
    workers: 2,
    acts: [
      { kind: 'run', afterS: 0, issue: 0 },
      { kind: 'label', afterS: 2, issue: 0 },
      { kind: 'label', afterS: 31, issue: 0 },
      { kind: 'push_force', afterS: 3, issue: 0 },
      { kind: 'merge', afterS: 0, issue: 0 },
      { kind: 'label', afterS: 0, issue: 0 },
    ],
  },
  'a head that was pushed and merged by hand at once left its check in progress': {
    acts: [
      label,
      { kind: 'label', afterS: 8, issue: 0 },
      { kind: 'push_forward', afterS: 3, issue: 0 },
      { kind: 'merge_by_hand', afterS: 0, issue: 0 },
    ],
  },
  'two holders of one integration were taken for a bug, since each moved the ref of the other': {
    workers: 3,
    maxAttempts: 1,
    acts: [label, { kind: 'label', afterS: 33, issue: 0 }],
    verifies: ['slow', 'sandbox_refused'],
    faults: [
      { on: 'agent', nth: 1, kind: 'fails' },
      { on: 'git', nth: 46, kind: 'hangs_before' },
    ],
    mishaps: [{ of: 'wake', nth: 21, kind: 'doubled' }],
    outages: [{ system: 'artifact', fromS: 18, forS: 37, isRateLimit: false }],
  },
  'a head that was pushed and merged by hand before anybody verified it had a check that waited for ever': {
    acts: [
      label,
      { kind: 'stop', afterS: 11, issue: 0 },
      { kind: 'push_forward', afterS: 0, issue: 0 },
      { kind: 'merge_by_hand', afterS: 0, issue: 0 },
    ],
  },
  'a second look in an outage saw nothing and was counted, so that two reactions stayed on one command': {
    listLagS: 6,
    acts: [label, { kind: 'stop', afterS: 3, issue: 0 }],
    outages: [
      { system: 'github', fromS: 14, forS: 59, isRateLimit: false },
      { system: 'github', fromS: 49, forS: 57, isRateLimit: true },
    ],
  },
};

describe('a history that broke something once', () => {
  it.each(Object.entries(regressions))('%s', async (_name, history) => {
    const { wrong, renderTrace, reached } = await simulate({ ...quiet, ...history });
    expect(wrong, renderTrace().join('\n')).toBeUndefined();
    // No history here asks for a pause.
    expect(reached).not.toContain('paused');
  });
});
