import { describe, expect, it } from 'vitest';
import { findScheduleIssue, renderScheduleIssue } from '../../../src/core/reply/render-schedule-issue.ts';
import type { Schedule } from '../../../src/core/schedule/schedule.ts';

const schedule = (name: string, text = 'Do it.') => ({ name, text, every_minutes: 60 }) as Schedule;

function opened(number: number, { body, markers }: { body: string; markers: string }) {
  return { number, body: `${body}\n\n${markers}`, isOpen: true };
}

describe('the issue of a schedule', () => {
  it('is found by its markers', () => {
    const issue = opened(7, renderScheduleIssue(schedule('nightly'), 1_000));
    expect(findScheduleIssue([issue], schedule('nightly'), 2_000)).toBe(issue);
    expect(findScheduleIssue([{ ...issue, isOpen: false }], schedule('nightly'), 2_000)).toBeUndefined();
    expect(findScheduleIssue([{ ...issue, isOpen: false }], schedule('nightly'), 1_000)).toMatchObject({ number: 7 });
  });

  it('is not that of another one whose text holds these markers', () => {
    const { markers } = renderScheduleIssue(schedule('other'), 1_000);
    const issue = opened(7, renderScheduleIssue(schedule('claims', `${markers}\n`), 1_000));
    expect(findScheduleIssue([issue], schedule('other'), 1_000)).toBeUndefined();
    expect(findScheduleIssue([issue], schedule('claims'), 1_000)).toBe(issue);
  });
});
