import { expect, it } from 'vitest';
import { renderCommitMessage } from '../../src/engine/render-commit-message.ts';
import { attempting } from '../core/run/place.ts';

it('says what was done, for whom, and where its run is told of', () => {
  const { record, run } = attempting();
  const [task] = run.tasks;
  if (!task) throw new Error('there is a task');
  const lines = renderCommitMessage(record, run, { ...task, title: 'Ask @everyone\nabout #1' }).split('\n');
  expect(lines).toEqual([
    'Ask @\u200beveryone about #\u200b1',
    '',
    'Task a of run r1 for #1.',
    '',
    'Co-authored-by: mona <1+mona@users.noreply.github.com>',
    'Gatepilot-Run: r1 https://github.test/acme/errors/issues/1',
    '',
  ]);
});
