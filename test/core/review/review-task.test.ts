import { expect, it } from 'vitest';
import { toReviewTask } from '../../../src/core/review/review-task.ts';

it('what people wrote is told within bounds, since the record of the run keeps it', () => {
  const text = { author: 'mona', text: 'x'.repeat(200_000) };
  const task = toReviewTask({
    reads: { head: 'a'.repeat(40) },
    workflow: 'review',
    texts: [{ ...text, title: 'Look at it' }, ...Array.from({ length: 50 }, () => text)],
  });
  expect(task.title).toBe('Look at it');
  expect(task.prompt).toContain('older comments are left out');
  expect(task.prompt.length).toBeLessThan(100_000);
});
