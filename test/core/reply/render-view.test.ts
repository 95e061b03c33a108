import { describe, expect, it } from 'vitest';
import { readOtherPulls } from '../../../src/core/gate/evaluate-observed.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { WorldOfDecisions as World } from '../../support/world-of-decisions.ts';
import { comment, label, mallory, merged, pull, report, sha } from '../run/outcome.ts';
import {
  attempting,
  closed,
  failedEarly,
  failedWithPull,
  landed,
  ready,
  stoppedEarly,
  stoppedWithPull,
  verifyingPush,
} from '../run/place.ts';
import { asked, inPart } from './reply-world.ts';

function view(world: WorldOfDecisions) {
  return renderView(world.record);
}

/** The check on the newest head. */
function check(world: WorldOfDecisions) {
  const [newest] = view(world).checks;
  return newest;
}

function show(world: WorldOfDecisions): WorldOfDecisions {
  return world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted });
}

describe('the gate check', () => {
  it('of a ready run is a success with its reasons', () => {
    expect(check(ready())).toMatchInlineSnapshot(`
      {
        "actions": [
          {
            "description": "Verify this head once more",
            "identifier": "recheck",
            "label": "Recheck",
          },
        ],
        "externalId": "1:r1:1111111111111111111111111111111111111111:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        "headSha": "1111111111111111111111111111111111111111",
        "name": "gatepilot/gate",
        "state": {
          "conclusion": "success",
          "kind": "completed",
        },
        "summary": "Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.

      - ✅ **gate**: Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.
        - ✅ **run**: The run is complete.
        - ✅ **tasks**: All 1 tasks are merged into the branch.
          - ✅ **a**: \`a\` is merged.
        - ✅ **protected paths**: No protected path is touched.
        - ✅ **verification**: 1 verify command passed on the merged tree.
        - ✅ **draft**: It is no draft.
        - ✅ **shared head**: No other pull request goes by this verdict.

      | verified | |
      |---|---|
      | head | \`1111111111111111111111111111111111111111\` |
      | base | \`bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\` |
      | merged tree | \`tree-11111111\` |
      | policy | \`hash-395\` |
      | reviewers | none |

      | command | result | time |
      |---|---|---|
      | \`npm test\` | passed | 1.5 s |

      It is not known at this moment whether a ruleset of \`main\` asks for branches that are up to date or for a merge queue, with which every merge is of what was verified. Where none does, this holds. The merge command reads head and base right before it merges; a base that moves in that very moment is found by comparing the merged tree, and told here. A merge made by hand may meet a base that moved since, and is compared afterwards.",
        "title": "Verified: may be merged",
      }
    `);
  });

  it('says in its title why not', () => {
    const red = verifyingPush().finish('verify', {
      kind: 'verified',
      head: sha('2'),
      base: sha('b'),
      report: report('t', 1),
    });
    const worlds = {
      'a part is missing': inPart(),
      'a push is verified': verifyingPush(),
      'a push is red': red,
      'it conflicts': failedWithPull(),
      'it was stopped': stoppedWithPull(),
      'it was closed': closed(),
      'it is merged': landed(),
    };
    const told = Object.entries(worlds).map(([name, world]) => {
      const { state, title, actions } = check(world) ?? { state: undefined, title: '', actions: [] };
      const shown = state?.kind === 'completed' ? state.conclusion : state?.kind;
      return `${name} → ${shown}: ${title} [${actions.map(({ label }) => label)}]`;
    });
    expect(told).toMatchInlineSnapshot(`
      [
        "a part is missing → failure: Not yet: 1 of 3 tasks are merged; \`render\` failed. [Recheck]",
        "a push is verified → in_progress: Not yet: The newest head is being verified. [Stop]",
        "a push is red → failure: Not yet: \`npm test\` failed on the merged tree. [Recheck,Fix findings]",
        "it conflicts → failure: Not yet: The run failed. [Recheck]",
        "it was stopped → cancelled: Not yet: The run was stopped by @​mona. [Recheck]",
        "it was closed → cancelled: Not yet: The pull request was closed by @​mona. []",
        "it is merged → success: Verified: may be merged []",
      ]
    `);
  });

  it('on a head that was replaced is cancelled and names the newer one', () => {
    expect(view(verifyingPush()).checks.slice(1)).toMatchObject([
      { headSha: sha('1'), state: { kind: 'completed', conclusion: 'cancelled' }, title: 'Replaced by a newer head' },
    ]);
  });

  it('offers Recheck wherever a Recheck is taken', () => {
    for (const world of [ready(), failedWithPull(), stoppedWithPull()])
      expect(check(world)?.actions.map(({ identifier }) => identifier)).toEqual(['recheck']);
  });

  it('does with the pull requests of people what the settings say, and opens nothing that is not said', () => {
    const told = [undefined, '', 'gate: { other_prs: review }', 'gate: { other_prs: pass }', 'gate: ['].map((text) => {
      const world = new World();
      pull(world, 'opened', { number: 1, headBranch: 'my-work', headSha: sha('4') }).settle();
      const otherPulls = text === undefined ? {} : { otherPulls: readOtherPulls({ policyText: text }) };
      const [one] = renderView(world.record, { outbox: world.outbox, now: world.now, ...otherPulls }).checks;
      expect(one).toMatchObject({ headSha: sha('4'), externalId: `observed:1:${sha('4')}` });
      const state = one?.state.kind === 'completed' ? one.state.conclusion : one?.state.kind;
      return `${text} → ${state}: ${one?.title} | ${one?.summary}`;
    });
    expect(told).toMatchInlineSnapshot(`
      [
        "undefined → queued: Not yet: The settings of this repository could not be read; they are read again. | The settings of this repository could not be read; they are read again.",
        " → success: No agent work here | No run made this pull request, and the settings let such pull requests pass.",
        "gate: { other_prs: review } → action_required: Not yet: It is not reviewed yet, and the settings want that of pull requests that no run made: \`/pilot review\` asks for… | It is not reviewed yet, and the settings want that of pull requests that no run made: \`/pilot review\` asks for it.",
        "gate: { other_prs: pass } → action_required: Not yet: What \`.github/gatepilot.yml\` on the default branch says of pull requests that no run made cannot be understood. | What \`.github/gatepilot.yml\` on the default branch says of pull requests that no run made cannot be understood.",
        "gate: [ → action_required: Not yet: What \`.github/gatepilot.yml\` on the default branch says of pull requests that no run made cannot be understood. | What \`.github/gatepilot.yml\` on the default branch says of pull requests that no run made cannot be understood.",
      ]
    `);
  });

  it('of a draft waits until it is none any more, whoever made it', () => {
    const world = new World();
    pull(world, 'opened', { number: 1, headBranch: 'my-work', headSha: sha('4'), isDraft: true }).settle();
    const shown = () =>
      renderView(world.record, {
        outbox: world.outbox,
        now: world.now,
        otherPulls: { kind: 'observe', slash: 'pilot' },
      }).checks;
    expect(shown()).toMatchObject([{ state: { kind: 'queued' } }]);
    pull(world, 'edited', { number: 1, headBranch: 'my-work', headSha: sha('4'), isDraft: false }).settle();
    expect(shown()).toMatchObject([{ state: { kind: 'completed', conclusion: 'success' } }]);

    const own = ready();
    pull(own, 'edited', { isDraft: true }).settle();
    expect(check(own)).toMatchObject({ state: { kind: 'queued' }, title: expect.stringContaining('is a draft') });
    comment(own, '/pilot merge').settle();
    expect(own.run.state.kind).toBe('ready');
    expect(own.findReceipt('merge')?.reply).toContain('is a draft');
    pull(own, 'edited', { isDraft: false }).settle();
    expect(check(own)).toMatchObject({ state: { kind: 'completed', conclusion: 'success' } });
  });

  it('opens for no head of which nobody knows who else has it', () => {
    const world = ready();
    const surroundings = { outbox: world.outbox, now: world.now };
    expect(renderView(world.record, { ...surroundings, unreadHeads: new Set([sha('1')]) }).checks).toMatchObject([
      { state: { kind: 'in_progress' } },
    ]);
    expect(renderView(world.record, surroundings).checks).toMatchObject([{ state: { conclusion: 'success' } }]);
  });
});

describe('replies', () => {
  it('address whoever asked, under the comment that they answer', () => {
    const [, , reply] = view(asked('/pilot status')).comments;
    expect(reply?.marker).toMatch(/^<!-- gatepilot:reply:\d+ -->$/);
    expect(reply?.body).toMatchInlineSnapshot(`
      "@mona Run r1: **Ready to merge.** Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.

      - \`a\`: **merged**

      Pull request #9 (open).

      Spent so far: $0.0100, 2200 tokens."
    `);
  });

  it('to a slip say what was understood and what would be right', () => {
    expect(view(asked('/pilot mrege')).comments.at(-1)?.body).toMatchInlineSnapshot(
      `"@mona I could not carry that out (line 1, column 8). I found \`mrege\`. Expected: a command, such as run, status or help. Did you mean \`/pilot merge\`? See \`/pilot help\`."`,
    );
  });

  it('are not given to strangers, who get a sign', () => {
    const world = comment(show(ready()), '/pilot merge', { actor: mallory }).settle();
    expect(view(world).comments.filter(({ marker }) => marker.includes(':reply:'))).toEqual([]);
    expect(view(world).reactions).toMatchObject([{ content: 'confused' }]);
  });

  it('that were shown are not looked at again', () => {
    const world = show(asked('/pilot status'));
    expect(view(world).reactions).toEqual([]);
    expect(view(world).comments.map(({ marker }) => marker)).toEqual([
      '<!-- gatepilot:sticky:r1 -->',
      '<!-- gatepilot:sticky:r1 -->',
    ]);
  });
});

describe('what was asked in a review', () => {
  const inReview = (body: string, place: 'line' | 'review', more: object = {}) =>
    comment(show(ready()), body, { commentId: 5, place, thread: 9, isPullRequest: true, ...more }).settle();
  const answers = (world: WorldOfDecisions) => view(world).comments.filter(({ marker }) => marker.includes(':reply:'));

  it('is answered in the conversation of the pull request, which says where it was asked', () => {
    const beside = inReview('/pilot rnu', 'line');
    expect(answers(beside)).toMatchObject([{ thread: 9, marker: '<!-- gatepilot:reply:line-5 -->' }]);
    expect(answers(beside)[0]?.body).toMatch(/^@mona \(\[asked here\]\(#discussion_r5\)\) I could not carry that out/);
    expect(answers(inReview('/pilot rnu', 'review'))[0]?.body).toContain('([asked here](#pullrequestreview-5))');
  });

  it('beside a line bears a sign, as a comment does', () => {
    expect(view(inReview('/pilot recheck', 'line')).reactions).toMatchObject([{ commentId: 5, place: 'line' }]);
  });

  it('as a whole has a sentence for a sign, since nobody can react to a review: one, which is edited', () => {
    const sign = (world: WorldOfDecisions) => answers(world).map(({ marker, body }) => `${marker} ${body}`);
    const world = inReview('/pilot merge', 'review');
    expect(view(world).reactions).toEqual([]);
    expect(sign(world)).toMatchInlineSnapshot(`
      [
        "<!-- gatepilot:reply:review-5 --> @mona ([asked here](#pullrequestreview-5)) \`merge\` was heard, and is under way.",
      ]
    `);
    show(world).finish('merge', merged());
    expect(sign(world)).toMatchInlineSnapshot(`
      [
        "<!-- gatepilot:reply:review-5 --> @mona ([asked here](#pullrequestreview-5)) \`merge\` is done.",
      ]
    `);
    // What has words of its own needs no others.
    expect(sign(inReview('/pilot pause', 'review'))).toMatchInlineSnapshot(`
      [
        "<!-- gatepilot:reply:review-5 --> @mona ([asked here](#pullrequestreview-5)) Nothing is running here.",
      ]
    `);
  });

  it('by a stranger as a whole gets nothing: there is no sign to give', () => {
    expect(answers(inReview('/pilot stop', 'review', { actor: mallory }))).toEqual([]);
    expect(view(inReview('/pilot stop', 'line', { actor: mallory })).reactions).toMatchObject([
      { content: 'confused' },
    ]);
  });
});

describe('signs', () => {
  it('tell what became of each command', () => {
    const content = (world: WorldOfDecisions) => view(world).reactions.map((reaction) => reaction.content);
    expect(content(attempting())).toEqual(['rocket']);
    expect(content(ready())).toEqual(['+1']);
    expect(content(failedEarly())).toEqual(['confused']);
    expect(content(stoppedEarly())).toEqual(['+1', '+1']);
  });

  it('are one state label on the issue, and the label that was taken goes', () => {
    expect(view(label(new World()).settle()).labels).toEqual([
      { thread: 1, has: 'pilot:working', without: ['pilot:run'] },
    ]);
    const has = (world: WorldOfDecisions) => view(world).labels[0]?.has;
    expect([ready(), failedEarly(), stoppedEarly(), landed(), closed()].map(has)).toEqual([
      'pilot:ready',
      'pilot:failed',
      'pilot:stopped',
      undefined,
      undefined,
    ]);
  });

  it('are the same on the pull request of the run, and none on that of a run before it', () => {
    const labels = (world: WorldOfDecisions) =>
      Object.fromEntries(view(world).labels.map(({ thread, has }) => [thread, has ?? 'none']));
    expect(labels(ready())).toEqual({ 1: 'pilot:ready', 9: 'pilot:ready' });
    expect(labels(landed())).toEqual({ 1: 'none', 9: 'none' });
    const world = comment(closed(), '/pilot run').settle();
    expect(labels(world)).toEqual({ 1: 'pilot:working', 9: 'none' });
  });

  it('are no label where the settings want none, and one that is there goes', () => {
    const world = new World();
    const { facts } = world;
    if (facts) world.facts = { ...facts, policyText: `${facts.policyText}labels: { state: false }\n` };
    expect(view(label(world).settle()).labels).toEqual([{ thread: 1, has: undefined, without: ['pilot:run'] }]);
    expect(world.run.state.kind).toBe('planning');
  });

  it('on a pull request take nothing from its issue', () => {
    const world = new World();
    const labelled = {
      kind: 'labelled',
      deliveryId: 'd',
      label: 'pilot:run',
      isPullRequest: true,
      title: 'x',
    } as const;
    world.put({ ...labelled, actor: { id: 1, login: 'mona', kind: 'person' }, thread: 9 }).settle();
    expect(view(world).labels).toContainEqual({ thread: 9, has: undefined, without: ['pilot:run'] });
  });
});
