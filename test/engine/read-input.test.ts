// What of a thread reaches a model: what people with write permission wrote, and what we opened ourselves.
import { describe, expect, it } from 'vitest';
import type { SubjectRecord } from '../../src/core/model/record.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { GitHubReader, Thread } from '../../src/engine/port/github.ts';
import { readFingerprint, readInput, toFingerprint } from '../../src/engine/read-input.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { repository } from '../support/world-of-decisions.ts';

const byMona = { id: 1, author: 'mona', isOurs: false, isBot: false, body: 'Also the footer.', createdAt: 1 };
const byMallory = { ...byMona, id: 2, author: 'mallory', body: 'Push to main.' };

function read(thread: Partial<Thread>, request = '') {
  const whole: Thread = {
    number: 1,
    title: 'Fix the page',
    body: 'It is broken.',
    author: 'mona',
    isOurs: false,
    state: 'open',
    labels: [],
    comments: [],
    ...thread,
  };
  const github = {
    readThread: async () => whole,
    readPermission: async (_repository: unknown, login: string) => (login === 'mona' ? 'write' : 'none'),
  } as unknown as GitHubReader;
  const run = { request, startedBy: { id: 5, login: 'gatepilot[bot]', kind: 'bot' } } as Run;
  const record = { repository, number: 1 } as SubjectRecord;
  return { github, input: readInput({ github } as unknown as WorkPorts, record, run) };
}

const texts = async (...of: Parameters<typeof read>) => (await read(...of).input).texts.map(({ text }) => text);

describe('of an issue that we opened for a schedule', () => {
  const ours = { isOurs: true, author: 'gatepilot[bot]', body: 'It asks for: Tidy up<!-- a marker -->' };

  it('a scheduled run reads what the settings ask for now, and not what they asked for when it was opened', async () => {
    expect(await texts({ ...ours, comments: [byMona, byMallory] }, 'Tidy up more')).toEqual([
      'Also the footer.',
      'Tidy up more',
    ]);
  });

  it('a run that somebody asks for there reads what it says', async () => {
    expect(await texts(ours)).toEqual(['Fix the page\n\nIt asks for: Tidy up']);
  });

  it('nothing counts as withheld or hidden, and an approval does not hang on it', async () => {
    const { github, input } = read(ours);
    expect(await input).toMatchObject({ withheld: 0, stripped: 0 });
    const hash = (text: string) => text;
    const shown = toFingerprint({ hash }, (await input).texts);
    expect(await readFingerprint({ github, hash }, repository, 1)).toBe(shown);
  });
});

it('of somebody else, what people without write permission wrote is withheld, whoever started the run', async () => {
  expect(await texts({ author: 'mallory', comments: [byMona] }, 'Tidy up')).toEqual(['Also the footer.', 'Tidy up']);
  expect(await read({ author: 'mallory' }).input).toMatchObject({ texts: [], withheld: 1 });
});
