// The verdict of a chaos run is worth what it can find: each thing that it promises to find is planted here once.
import { expect, it } from 'vitest';
import { judge } from '../../src/demo/chaos/verdict/judge.ts';
import type { RepositorySnapshot } from '../../src/demo/github/state/snapshot.ts';
import { bot, check, comment, issue, labelled, merged, pull, reply, repository, sticky } from './doctored-snapshot.ts';

function judged(parts: Partial<RepositorySnapshot>): string[] {
  return judge([repository(parts)], bot).map(({ kind, where, what }) => `${kind} ${where}: ${what}`);
}

const ready = '**Ready to merge.** Everything holds.';

it('finds nothing where everything was answered once and rests', () => {
  const status = comment('mona', '/pilot status', ['+1']);
  const done = { sha: 'merge', by: bot, at: '' };
  expect(
    judged({
      issues: [
        issue(1, {
          labels: ['pilot:ready'],
          events: [labelled()],
          comments: [sticky('r1', ready), status, reply(String(status.id))],
        }),
        issue(2, { comments: [comment('mona', '/pilot run', ['+1']), sticky('r1', '**Stopped** by @mona.')] }),
        // Refused twice, and told so twice; then started.
        issue(3, { events: [labelled(), labelled()], comments: [reply('label-a'), reply('label-b')] }),
        issue(4, { comments: [comment('otto', '/pilot run', ['confused'])] }),
      ],
      pulls: [
        pull(5, { comments: [sticky('r1', ready)] }),
        pull(6, {
          state: 'closed',
          merged: done,
          events: [merged()],
          headRef: 'gatepilot/2/r1',
          comments: [comment('mona', '/pilot merge', ['+1']), sticky('r1', '**Merged** as `merge`.')],
        }),
      ],
    }),
  ).toEqual([]);
});

it('finds a command without a reaction, and one whose reaction is not the last word', () => {
  const commands = [comment('mona', '/pilot run'), comment('mona', '/pilot stop', ['eyes'])];
  const found = judged({ issues: [issue(1, { comments: [...commands, sticky('r1', '**Failed.** No.')] })] });
  expect(found).toHaveLength(2);
  expect(found[0]).toMatch(/^lost acme\/one#1: "\/pilot run" by @mona .* only \[\]$/);
  expect(found[1]).toMatch(/^lost acme\/one#1: "\/pilot stop" by @mona .* only \["eyes"\]$/);
});

it('finds a question that was marked as answered and has no answer', () => {
  const found = judged({ issues: [issue(1, { comments: [comment('mona', '/pilot status', ['+1'])] })] });
  expect(found).toEqual([expect.stringMatching(/^lost .* has no reply$/)]);
});

it('finds a merge that is said to be done and is not', () => {
  const found = judged({ pulls: [pull(5, { comments: [comment('mona', '/pilot merge', ['+1'])] })] });
  expect(found).toEqual([expect.stringMatching(/^lost .*"\/pilot merge".* is said to be done and is not$/)]);
});

it('finds a label that was never taken, and one of which nothing tells what came of it', () => {
  const found = judged({
    issues: [issue(1, { events: [labelled()], labels: ['pilot:run'] }), issue(2, { events: [labelled()] })],
  });
  expect(found).toEqual([
    'lost acme/one#1: the label pilot:run was never taken',
    'lost acme/one#2: the label pilot:run was put on 1 times, and nothing tells what came of it',
  ]);
});

it('finds an open pull request whose head was never judged, also one that a person opened', () => {
  const foreign = check('sha-6', { app: 'ci' });
  const found = judged({
    pulls: [pull(5, { checks: [] }), pull(6, { author: 'mona', headRef: 'mine', checks: [foreign] })],
  });
  expect(found).toEqual([
    'lost acme/one#5: the head sha-5 was never judged: it has no check of ours',
    'lost acme/one#6: the head sha-6 was never judged: it has no check of ours',
  ]);
});

it('finds two pull requests of one run, and two open ones for one issue', () => {
  const found = judged({
    pulls: [
      pull(5, { headRef: 'gatepilot/1/r1', state: 'closed' }),
      pull(6, { headRef: 'gatepilot/1/r1' }),
      pull(7, { headRef: 'gatepilot/1/r2' }),
    ],
  });
  expect(found).toEqual([
    'doubled acme/one: the pull request of gatepilot/1/r1 is there 2 times',
    'doubled acme/one: an open pull request for issue #1 is there 2 times',
  ]);
});

it('finds a sticky comment and a reply that are there twice', () => {
  const status = comment('mona', '/pilot status', ['+1']);
  const to = String(status.id);
  const found = judged({
    issues: [
      issue(1, {
        events: [labelled()],
        comments: [sticky('r1', ready), sticky('r1', ready), status, reply(to), reply(to)],
      }),
    ],
  });
  expect(found).toEqual([
    'doubled acme/one#1: the sticky comment r1 is there 2 times',
    `doubled acme/one#1: the reply comment ${to} is there 2 times`,
  ]);
});

it('finds two checks of one name on one commit', () => {
  const found = judged({ pulls: [pull(5, { checks: [check('sha-5'), check('sha-5')] })] });
  expect(found).toEqual(['doubled acme/one: the check gatepilot/gate on sha-5 is there 2 times']);
});

it('finds two reactions on one command, and two state labels on one thread', () => {
  const twice = comment('mona', '/pilot stop', ['+1', 'confused']);
  const found = judged({ issues: [issue(1, { comments: [twice], labels: ['pilot:stopped', 'pilot:ready'] })] });
  expect(found).toEqual([
    `doubled acme/one#1: comment ${twice.id} bears +1 and confused`,
    'doubled acme/one#1: the thread bears pilot:stopped and pilot:ready',
  ]);
});

it('finds a merge that happened twice', () => {
  const done = { sha: 'merge', by: bot, at: '' };
  const found = judged({ pulls: [pull(5, { state: 'closed', merged: done, events: [merged(), merged()] })] });
  expect(found).toEqual(['doubled acme/one#5: the merge is there 2 times']);
});

it('finds a label that started two runs', () => {
  const comments = [sticky('r1', '**Failed.** No.'), sticky('r2', '**Failed.** No.')];
  expect(judged({ issues: [issue(1, { events: [labelled()], comments })] })).toEqual([
    'doubled acme/one#1: 2 runs were started, and 1 were asked for',
  ]);
});

it('finds a check that is under way, a run that does not rest, and a thread that is labelled as working', () => {
  const waiting = check('sha-5', { id: 9, status: 'in_progress', conclusion: null, title: 'Not yet' });
  const found = judged({
    issues: [
      issue(1, {
        events: [labelled()],
        labels: ['pilot:working'],
        comments: [sticky('r1', '**Merging and verifying** batch 1 of 1.')],
      }),
    ],
    pulls: [pull(5, { checks: [waiting] })],
  });
  expect(found).toEqual([
    'stuck acme/one: check 9 on sha-5 is in_progress: Not yet',
    'stuck acme/one#1: the thread bears pilot:working',
    'stuck acme/one#1: run r1 does not rest: **Merging and verifying** batch 1 of 1.',
  ]);
});

it('finds a run that nobody with authority asked for, and a merge whose tree was not the verified one', () => {
  const found = judged({
    issues: [
      issue(1, { comments: [comment('otto', '/pilot run'), sticky('r1', ready)] }),
      issue(2, { events: [labelled('rita')], comments: [sticky('r1', ready)] }),
      issue(3, { events: [labelled()], comments: [sticky('r1', '**ALARM: merged as `x`, but** …')] }),
    ],
  });
  expect(found).toEqual([
    'wrong acme/one#1: a run was started that nobody with authority asked for',
    'wrong acme/one#2: a run was started that nobody with authority asked for',
    'wrong acme/one#3: **ALARM: merged as `x`, but** …',
  ]);
});

it('lets it pass that a merge by hand met a base that had moved, as long as that is told', () => {
  const alarm = '**ALARM: merged as `x`, but** … pull request #5';
  const parts = (by: string) => ({
    issues: [issue(1, { events: [labelled()], comments: [sticky('r1', alarm)] })],
    pulls: [pull(5, { state: 'closed' as const, merged: { sha: 'x', by, at: '' } })],
  });
  expect(judged(parts('mona'))).toEqual([]);
  expect(judged(parts(bot))).toEqual([`wrong acme/one#1: ${alarm}`]);
});
