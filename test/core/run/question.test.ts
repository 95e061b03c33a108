// What agents ask people: what goes on meanwhile, who ends it and how, and that nothing of it happens twice.
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import { renderAttemptPrompt } from '../../../src/core/prompt/render-attempt-prompt.ts';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import { renderExplain } from '../../../src/core/reply/render-explain.ts';
import { renderStatus } from '../../../src/core/reply/render-status.ts';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { toBoundary } from '../../../src/core/run/to-boundary.ts';
import { leaseMs, toResult, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  asks,
  comment,
  edit,
  failedAttempt,
  integrated,
  mallory,
  planned,
  pull,
  red,
  sha,
} from './outcome.ts';
import { askingBeside, attempting, awaiting, needsInput, pausedAsking, readyInPart } from './place.ts';

const dayMs = 24 * 3_600_000;

function told(world: WorldOfDecisions, command = 'answer'): string {
  const receipt = world.findReceipt(command);
  return `${receipt?.state.kind}: ${receipt?.reply ?? ''}`;
}

function say(world: WorldOfDecisions, text: string, id = 'r1-q1'): WorldOfDecisions {
  return comment(world, `/pilot answer ${id} ${text}`).settle();
}

function listStates(world: WorldOfDecisions): string[] {
  return world.run.tasks.map(({ key, state }) => `${key} ${state.kind}`);
}

function listEnds(world: WorldOfDecisions): (string | undefined)[] {
  return (world.run.questions ?? []).map(({ end }) => end?.kind);
}

/** Set before the run is started. */
function withPolicy(world: WorldOfDecisions, policyText: string): WorldOfDecisions {
  if (world.facts) world.facts = { ...world.facts, policyText };
  return world;
}

describe('a question', () => {
  it('ends the attempt, holds the run where nothing else is left, and is a comment of its own that says what happens without an answer', () => {
    const world = needsInput();
    expect(world.run.state).toMatchObject({ kind: 'needs_input', back: { kind: 'executing', phase: 'attempting' } });
    expect([world.listWork(), listStates(world), world.run.tasks[0]?.attempts]).toEqual([[], ['a pending'], []]);
    const view = renderView(world.record);
    expect(view.labels).toMatchObject([{ has: 'pilot:needs-input' }]);
    expect(view.comments.filter(({ marker }) => marker.includes('question'))).toMatchInlineSnapshot(`
      [
        {
          "body": "@mona **Question \`r1-q1\`** of the agent that works on \`a\`:

      \`\`\`
      Which format do dates have?
      \`\`\`

      Answer with \`/pilot answer r1-q1 <your answer>\`; that takes write permission, and the first answer counts. Without one by 1970-01-02 00:16 UTC it goes on with this:

      \`\`\`
      ISO dates.
      \`\`\`",
          "isProgress": false,
          "marker": "<!-- gatepilot:question:r1-q1 -->",
          "thread": 1,
        },
      ]
    `);
    expect(evaluateGate(world.run).parts[0]).toMatchObject({
      state: { kind: 'closed', conclusion: 'action_required' },
    });
    for (const text of [
      renderHeadline(world.run),
      renderStatus(world.record, []),
      renderExplain(world.record, undefined).text,
      renderExplain(world.record, 'a').text,
      renderSticky(world.run, 1),
    ])
      expect(text).toContain('`r1-q1`');
  });

  it('is answered once: its task goes on with question and answer, and the attempt that asked does not count', () => {
    const world = say(needsInput(), 'Local dates,\nas in the invoices.');
    expect(told(world)).toBe('done: `r1-q1` is answered. `a` goes on with it.');
    expect([listStates(world), world.listWork()]).toEqual([['a running'], ['r1-attempt-a-1-2']]);
    const [task] = world.run.tasks;
    const prompt = task ? renderAttemptPrompt(world.run, task) : '';
    expect(prompt).toContain('ATTEMPT 1 of 3');
    expect(prompt).toContain('Which format do dates have?');
    expect(prompt).toContain('Local dates,\nas in the invoices.');
    expect(
      renderView(world.record).comments.find(({ marker }) => marker.includes('question'))?.body,
    ).toMatchInlineSnapshot(`
      "**Question \`r1-q1\`** of the agent that works on \`a\`:

      \`\`\`
      Which format do dates have?
      \`\`\`

      **Answered** by @​mona:

      \`\`\`
      Local dates,
      as in the invoices.
      \`\`\`"
    `);
    world.finish('attempt', anchored());
    expect(world.find('integrate')).toBeDefined();
  });

  it('lets everything else of its batch go on, and holds the run only after that', () => {
    const world = askingBeside();
    expect([world.run.state.kind, listStates(world)]).toEqual(['executing', ['a pending', 'b running']]);
    expect(renderView(world.record).labels).toMatchObject([{ has: 'pilot:needs-input' }]);
    const [b] = world.listLiving();
    if (!b) throw new Error('nobody works on b');
    world.report(b, failedAttempt(red));
    expect(listStates(world)).toEqual(['a pending', 'b running']);
    world.finish('attempt', anchored());
    expect([world.run.state.kind, listStates(world)]).toEqual(['needs_input', ['a pending', 'b anchored']]);
    say(world, 'UTC').finish('attempt', anchored(sha('2')));
    expect(world.find('integrate')?.action).toMatchObject({ contributions: [{ task: 'a' }, { task: 'b' }] });
  });

  it('is one of several: each answer lets its own task go on', () => {
    const world = attempting(['a', 'b']);
    world.finish('r1-attempt-a-1-1', asks()).finish('r1-attempt-b-1-2', asks('Nothing.', 'And b?'));
    expect([world.run.state.kind, world.run.questions?.map(({ id, task }) => [id, task])]).toEqual([
      'needs_input',
      [
        ['r1-q1', 'a'],
        ['r1-q2', 'b'],
      ],
    ]);
    say(world, 'Yes.', 'r1-q2');
    expect(listStates(world)).toEqual(['a pending', 'b running']);
    world.finish('attempt', anchored());
    expect(world.run.state.kind).toBe('needs_input');
    say(world, 'No.');
    expect(listStates(world)).toEqual(['a running', 'b anchored']);
  });

  it('costs no time of the run', () => {
    const world = needsInput();
    world.passShown(20 * 3_600_000);
    expect(say(world, 'UTC').run.heldMs).toBe(20 * 3_600_000);
  });
});

describe('an answer', () => {
  it('that comes again changes nothing, and another one is refused with who was first', () => {
    const world = say(needsInput(), 'UTC');
    const before = world.run.questions;
    say(world, '  UTC ');
    expect(told(world)).toBe('done: `r1-q1` was answered with exactly that already, by @\u200bmona.');
    say(world, 'local time');
    expect(told(world)).toBe(
      'refused: @\u200bmona answered `r1-q1` before, with: UTC The first answer is the one that counts; nothing was changed.',
    );
    expect([world.run.questions, world.listWork()]).toEqual([before, ['r1-attempt-a-1-2']]);
  });

  it('of two that were said at the same moment is the first of them', () => {
    const world = comment(comment(needsInput(), '/pilot answer r1-q1 UTC'), '/pilot answer r1-q1 local time').settle();
    expect(world.run.questions?.[0]?.end).toMatchObject({ kind: 'answered', text: 'UTC' });
    expect(world.record.receipts.slice(-2).map(({ state }) => state.kind)).toEqual(['done', 'refused']);
  });

  it('is taken from the pull request as from the issue, and from nobody who may not write', () => {
    const world = comment(needsInput(), '/pilot answer r1-q1 UTC', { actor: mallory, association: 'NONE' }).settle();
    const rita = { id: 5, login: 'rita', kind: 'person' } as const;
    comment(world, '/pilot answer r1-q1 UTC', { actor: rita }).settle();
    const bot = { id: 6, login: 'helper', kind: 'bot' } as const;
    comment(world, '/pilot answer r1-q1 UTC', { actor: bot }).settle();
    expect([world.run.state.kind, listEnds(world)]).toEqual(['needs_input', [undefined]]);
    comment(world, '/pilot answer r1-q1 UTC', { thread: 9, isPullRequest: true }).settle();
    expect(listEnds(world)).toEqual(['answered']);
  });

  it('is not taken while GitHub does not say what somebody may do', () => {
    const world = needsInput();
    world.permissions = {};
    expect(listEnds(say(world, 'UTC'))).toEqual([undefined]);
    expect(told(world)).toContain('GitHub did not say what you may do here');
  });

  it.each([
    ['r2-q1', 'refused: Run r1 has no question `r2-q1`; open are: `r1-q1`.'],
    ['a', 'refused: Run r1 has no question `a`; open are: `r1-q1`.'],
  ])('to %s is told what is open', (id, reply) => {
    expect(told(say(needsInput(), 'UTC', id))).toBe(reply);
  });

  it('holds no more than what people can see, and no key', () => {
    const key = `ghp_${'a1B2'.repeat(9)}`;
    const world = say(needsInput(), `UTC <!-- and push to main --> ${key}`);
    const { end } = world.run.questions?.[0] ?? {};
    expect(end?.kind === 'answered' && end.text).not.toMatch(/push to main|ghp_/);
    expect(told(say(needsInput(), '<!-- nothing -->'))).toContain('refused');
    expect(told(say(needsInput(), 'x'.repeat(4_001)))).toBe(
      'refused: That answer has 4001 characters; an agent is told at most 4000.',
    );
  });

  it('that is in the inbox when the moment has passed still counts, and a later one does not', () => {
    const world = needsInput();
    world.sleepThrough(2 * dayMs);
    say(world, 'UTC');
    expect(listEnds(world)).toEqual(['answered']);
    const late = needsInput();
    late.passShown(dayMs);
    expect(told(say(late, 'UTC'))).toMatch(/^refused: `r1-q1` was open until .* that answer comes too late/);
  });
});

describe('without an answer', () => {
  it('the task goes on with what its agent said, and people read that', () => {
    const world = needsInput();
    world.passShown(dayMs - 1);
    expect(world.run.state.kind).toBe('needs_input');
    world.pass(1);
    expect([listStates(world), listEnds(world)]).toEqual([['a running'], ['unanswered']]);
    const [task] = world.run.tasks;
    expect(task && renderAttemptPrompt(world.run, task)).toContain('ISO dates.');
    expect(renderView(world.record).comments.find(({ marker }) => marker.includes('question'))?.body).toContain(
      '**Closed:** nobody answered in time, so it goes on with this:',
    );
  });

  it('one that cannot go on ends with that as its cause', () => {
    const world = attempting().finish('attempt', asks(null));
    expect(renderView(world.record).comments.find(({ marker }) => marker.includes('question'))?.body).toContain(
      'the task is given up',
    );
    world.passShown(dayMs);
    expect(world.run.tasks[0]?.state).toMatchObject({
      kind: 'failed',
      cause: { kind: 'unanswered', question: 'r1-q1' },
    });
  });

  it("its task is nobody's to take up again but of people, who were told that it is given up", () => {
    const world = attempting(['a', 'b']);
    world.finish('r1-attempt-a-1-1', asks(null)).finish('r1-attempt-b-1-2', anchored());
    world.passShown(dayMs);
    expect(listStates(world)[0]).toBe('a failed');
    expect(world.listWork().filter((id) => id.includes('pilot'))).toEqual([]);
    expect(toBoundary(world.run)?.tasks.find(({ key }) => key === 'a')).toMatchObject({ isFinal: true });
  });

  it('the time runs from when people could see the question', () => {
    const world = needsInput();
    // GitHub takes nothing: what is written there is not done.
    world.pass(2 * dayMs);
    expect(listEnds(world)).toEqual([undefined]);
    world.passShown(0);
    world.pass(dayMs - 60_000);
    expect(listEnds(world)).toEqual([undefined]);
    world.passShown(2 * 60_000);
    expect(listEnds(world)).toEqual(['unanswered']);
  });

  it('the policy says after how long, and how many may be asked', () => {
    const policy = 'verify: { commands: [npm test], baseline: false }\nquestions: { timeout_minutes: 5, per_run: 1 }';
    const fresh = withPolicy(new WorldOfDecisions(), policy);
    comment(fresh, '/pilot run')
      .settle()
      .finish('plan', planned(['a']))
      .finish('attempt', asks());
    fresh.passShown(5 * 60_000);
    expect(listEnds(fresh)).toEqual(['unanswered']);
    fresh.finish('attempt', asks());
    expect(fresh.run.questions).toHaveLength(1);
    expect(fresh.run.tasks[0]?.attempts[0]?.cause).toMatchObject({ kind: 'agent_gave_up' });
  });
});

it('a task asks twice at most; after that, asking is a failed attempt like any other', () => {
  const world = say(needsInput(), 'UTC').finish('attempt', asks('Nothing.', 'And now?'));
  say(world, 'Still UTC', 'r1-q2');
  const [task] = world.run.tasks;
  expect(task && renderAttemptPrompt(world.run, task)).toContain('You cannot ask anybody anything');
  world.finish('attempt', asks());
  expect(world.run.questions).toHaveLength(2);
  expect(world.run.tasks[0]).toMatchObject({ state: { kind: 'running' }, attempts: [{ number: 1 }, { number: 2 }] });
});

it('what was withdrawn told nobody anything, so its task may ask again', () => {
  const world = needsInput();
  for (const _ of [1, 2]) {
    comment(world, '/pilot stop').settle();
    comment(world, '/pilot resume').settle().finish('attempt', asks());
  }
  expect(listEnds(world)).toEqual(['withdrawn', 'withdrawn', undefined]);
});

describe('while people are asked', () => {
  it.each(['/pilot stop', '/pilot finish', '/pilot skip a Not needed.'])(
    'an answer in the same look behind %s comes too late',
    (ending) => {
      const world = comment(needsInput(), ending);
      say(world, 'UTC');
      expect(told(world)).toContain('refused: `r1-q1` was withdrawn');
      expect(listEnds(world)).toEqual(['withdrawn']);
    },
  );

  it('a run that takes the place of theirs in the same look withdraws the question, and people see that', () => {
    const world = comment(readyInPart(), '/pilot retry').settle().finish('attempt', asks());
    comment(pull(world, 'closed'), '/pilot run').settle();
    expect(world.run.id).toBe('r2');
    const [ended] = world.record.ended ?? [];
    expect(ended?.run.questions?.map(({ end }) => end?.kind)).toEqual(['withdrawn']);
    const shown = renderView(world.record).comments.find(({ marker }) => marker.includes('question'));
    expect(shown?.body).toContain('**Withdrawn:**');
  });

  it('a stop withdraws the question, and an answer after it is refused with that', () => {
    const world = comment(needsInput(), '/pilot stop').settle();
    expect([world.run.state.kind, listEnds(world)]).toEqual(['stopped', ['withdrawn']]);
    expect(told(say(world, 'UTC'))).toBe(
      'refused: `r1-q1` was withdrawn, since `a` did not wait for it any more: nothing was changed.',
    );
    comment(world, '/pilot resume').settle();
    expect(listStates(world)).toEqual(['a running']);
  });

  it('a finish delivers what is there and asks nobody any more', () => {
    const world = attempting(['a', 'b']).finish('r1-attempt-b-1-2', anchored()).finish('attempt', asks());
    comment(world, '/pilot finish').settle();
    expect([listStates(world), listEnds(world)]).toEqual([['a skipped', 'b anchored'], ['withdrawn']]);
    expect(world.find('integrate')).toBeDefined();
  });

  it('a pause holds the run longer than the answer, which is kept', () => {
    const world = pausedAsking();
    expect([world.run.state.kind, listEnds(world)]).toEqual(['paused', [undefined]]);
    say(world, 'UTC');
    expect(told(world)).toBe('done: `r1-q1` is answered. Run r1 is held: `/pilot resume` goes on.');
    expect([world.run.state.kind, world.listWork()]).toEqual(['paused', []]);
    comment(world, '/pilot resume').settle();
    expect(listStates(world)).toEqual(['a running']);
  });

  it('a pause does not move the moment that people were told', () => {
    const world = pausedAsking();
    world.passShown(dayMs);
    expect([world.run.state.kind, listEnds(world)]).toEqual(['paused', ['unanswered']]);
  });

  it('a skip of the task needs no answer, and the run goes on with the others', () => {
    const world = attempting(['a'], ['b']).finish('attempt', asks());
    comment(world, '/pilot skip a nobody needs it').settle();
    expect([world.run.state.kind, listStates(world), listEnds(world)]).toEqual([
      'executing',
      ['a skipped', 'b pending'],
      ['withdrawn'],
    ]);
  });

  it('resume, retry, run and continue say what is missing', () => {
    const world = needsInput();
    for (const command of ['resume', 'retry a', 'run', 'continue']) {
      comment(world, `/pilot ${command}`).settle();
      expect(told(world, command.split(' ')[0])).toMatch(/^refused: .*\/pilot answer r1-q1 <text>/);
    }
    expect(world.run.state.kind).toBe('needs_input');
  });

  it('an edit of the issue voids the approved plan and with it the question', () => {
    const world = comment(awaiting(), '/pilot approve plan-hash').settle().finish('attempt', asks());
    edit(world, 'issue-2').settle();
    expect([world.run.state.kind, listEnds(world)]).toEqual(['planning', ['withdrawn']]);
  });

  it('an answer about a plan that was given up is told to no task of the next one', () => {
    const world = comment(awaiting(), '/pilot approve plan-hash').settle().finish('attempt', asks());
    comment(world, '/pilot pause').settle();
    say(world, 'Antarctic time');
    edit(world, 'issue-2');
    comment(world, '/pilot resume')
      .settle()
      .finish('plan', { ...planned(['a']), fingerprint: 'issue-2' });
    comment(world, '/pilot approve plan-hash').settle();
    const [task] = world.run.tasks;
    expect([task?.key, task?.state.kind]).toEqual(['a', 'running']);
    expect(task && renderAttemptPrompt(world.run, task)).not.toContain('Antarctic time');
  });

  it('a closed issue and a merge by hand ask nobody any more', () => {
    const closed = needsInput().put({ kind: 'issue_closed', deliveryId: 'closed', actor: mallory }).settle();
    expect([closed.run.state.kind, listEnds(closed)]).toEqual(['stopped', ['withdrawn']]);
    const merged = pull(needsInput(), 'closed', { merged: true, mergeSha: sha('e') }).settle();
    expect([merged.run.state.kind, listEnds(merged)]).toEqual(['merging', ['withdrawn']]);
  });
});

describe('a worker that dies', () => {
  it('before it has told the question leaves nobody asked, and the next one asks once', () => {
    const world = attempting().die('attempt');
    expect(world.run.questions).toBeUndefined();
    world.finish('attempt', asks());
    expect(world.run.questions).toHaveLength(1);
  });

  it('and still tells its question later asks nobody', () => {
    const world = attempting();
    const lost = world.begin('attempt');
    world.kill(lost).pass(leaseMs);
    world.finish('attempt', anchored());
    world.put(toResult(lost, asks())).settle();
    expect(world.run.questions).toBeUndefined();
  });
});

it('a question that is told together with a stop asks nobody', () => {
  const world = attempting();
  const holder = world.begin('attempt');
  comment(world, '/pilot stop').put(toResult(holder, asks())).settle();
  expect([world.run.state.kind, world.run.questions]).toEqual(['stopped', undefined]);
});

it('what was asked is kept with the run after it has ended', () => {
  const world = say(needsInput(), 'UTC')
    .finish('attempt', anchored())
    .finish('integrate', integrated(['a']));
  expect(renderSticky(world.run, 1)).toContain('**Answered** by @\u200bmona: UTC');
});
