// When schedules are due: over changes of the clock, at the ends of months, and after they were missed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/core/policy/parse-policy.ts';
import { findDueMoment, findNextMoment, type Timing } from '../../../src/core/schedule/timing.ts';

const at = (text: string) => Date.parse(text);
const minuteMs = 60_000;

/** As a worker that looks every half hour finds them. */
function listDue(timing: Timing, from: string, to: string): string[] {
  const due: string[] = [];
  let after = at(from);
  for (let now = at(from); now <= at(to); now += 30 * minuteMs) {
    const moment = findDueMoment(timing, { after, now });
    if (moment === undefined) continue;
    due.push(new Date(moment).toISOString());
    after = moment;
  }
  return due;
}

describe('a schedule', () => {
  const early: Timing = { cron: '30 2 * * *', timezone: 'Europe/Berlin' };

  it('comes once in the night in which its hour does not exist', () => {
    expect(listDue(early, '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('comes once in the night in which its hour exists twice', () => {
    expect(listDue(early, '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('leaves out months without its day', () => {
    expect(listDue({ cron: '0 9 31 * *' }, '2026-01-31T10:00:00Z', '2026-06-30T00:00:00Z')).toEqual([
      '2026-03-31T09:00:00.000Z',
      '2026-05-31T09:00:00.000Z',
    ]);
    expect(findNextMoment({ cron: '0 9 29 2 *' }, at('2026-01-01T00:00:00Z'))).toBe(at('2028-02-29T09:00:00Z'));
  });

  it('is made up for once, however often it was missed', () => {
    const [after, now] = [at('2026-01-01T00:00:00Z'), at('2026-03-01T08:59:59Z')];
    expect(findDueMoment({ cron: '0 9 * * *' }, { after, now })).toBe(at('2026-02-28T09:00:00Z'));
    expect(findDueMoment({ every_minutes: 60 }, { after, now })).toBe(at('2026-03-01T08:00:00Z'));
  });

  it('owes nothing for the time before it was seen', () => {
    const seen = { after: at('2026-01-01T09:00:00Z'), now: at('2026-01-01T09:00:30Z') };
    expect(findDueMoment({ cron: '0 9 * * *' }, seen)).toBeUndefined();
    expect(findDueMoment({ once: '2026-01-01T09:59:00+01:00' }, seen)).toBeUndefined();
    expect(findDueMoment({ every_minutes: 5 }, seen)).toBeUndefined();
  });

  it('is due at its very moment, and not before', () => {
    const after = at('2026-01-01T00:00:00Z');
    for (const timing of [{ cron: '0 9 * * *' }, { once: '2026-01-01T10:00:00+01:00' }, { every_minutes: 540 }]) {
      expect(findDueMoment(timing, { after, now: at('2026-01-01T09:00:00Z') })).toBe(at('2026-01-01T09:00:00Z'));
      expect(findDueMoment(timing, { after, now: at('2026-01-01T09:00:00Z') - 1 })).toBeUndefined();
    }
  });

  it('is never due twice for a moment, nor for one that lies ahead, whatever the clock does', () => {
    const timing = fc.oneof(
      fc.constantFrom('*/7 * * * *', '30 2 * * *', '0 0 31 * *', '15 6 * * mon-fri').map((cron) => ({
        cron,
        timezone: 'America/New_York',
      })),
      fc.integer({ min: 5, max: 10_000 }).map((every_minutes) => ({ every_minutes })),
      fc.constant({ once: '2026-06-01T00:00:00Z' }),
    );
    const jump = fc.integer({ min: -30 * 24 * 60, max: 90 * 24 * 60 });
    fc.assert(
      fc.property(timing, fc.array(jump, { maxLength: 20 }), (schedule, jumps) => {
        let now = at('2026-03-01T00:00:00Z');
        let settled = now;
        for (const minutes of jumps) {
          now += minutes * minuteMs;
          const moment = findDueMoment(schedule, { after: settled, now });
          if (moment === undefined) continue;
          expect(moment).toBeGreaterThan(settled);
          expect(moment).toBeLessThanOrEqual(now);
          settled = moment;
          // Nothing was left between it and now.
          expect(findDueMoment(schedule, { after: moment, now })).toBeUndefined();
        }
      }),
    );
  });
});

describe('an entry of `schedule`', () => {
  const read = (entry: string) => {
    const { policy, mistakes } = parsePolicy(`max_tasks: 5\nschedule:\n  - { name: nightly, text: Look, ${entry} }\n`);
    expect(policy.max_tasks).toBe(5);
    return policy.schedule.length === 1 ? 'in force' : mistakes.map(({ line, expected }) => `${line}: ${expected}`);
  };

  it('says when in one of three ways', () => {
    expect(read('cron: "0 6 * * mon", timezone: Europe/Berlin')).toBe('in force');
    expect(read('every_minutes: 90')).toBe('in force');
    expect(read('once: 2030-01-31T09:00:00+01:00')).toBe('in force');
    const one = ['3: exactly one of "cron", "every_minutes" and "once"'];
    expect(read('timezone: Europe/Berlin')).toEqual(one);
    expect(read('every_minutes: 90, cron: "0 6 * * *"')).toEqual(one);
  });

  it.each([
    'cron: "@daily"',
    'cron: "? 6 * * *"',
    'cron: "0 0 6 * * *"',
    'cron: "0 6 * *"',
    'cron: "61 6 * * *"',
    'cron: "0 6 30 2 *"',
    'cron: "0 6 * * *", timezone: Mars/Base',
  ])('is refused with %s', (entry) => {
    expect(read(entry)).toEqual([
      '3: a "cron" of five fields that comes round, such as "0 6 * * mon", and a "timezone" such as Europe/Berlin',
    ]);
  });

  it('is refused with a key that there is not, at its line, and the other settings stay', () => {
    expect(read('every_minute: 90')).toContain('3: a key that exists');
  });

  it('has a name of its own', () => {
    const twice = '  - { name: a, text: x, every_minutes: 5 }\n'.repeat(2);
    expect(parsePolicy(`schedule:\n${twice}`)).toMatchObject({
      policy: { schedule: [] },
      mistakes: [{ expected: 'a name of its own for each' }],
    });
  });
});
