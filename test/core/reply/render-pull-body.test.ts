import { describe, expect, it } from 'vitest';
import { renderPullBody, renderPullTitle } from '../../../src/core/reply/render-pull-body.ts';
import { ready } from '../run/place.ts';
import { endless, inPart } from './reply-world.ts';

describe('the pull request', () => {
  it('of a run that did everything closes the issue', () => {
    const { record, run } = ready();
    expect(renderPullBody(record, run)).toMatchInlineSnapshot(`
      "Fixes #1, asked for by @​mona.

      ### What was done

      - \`a\` Task a (1 file, +2 −1) · grade C (only the verify commands speak for it)
        It is done.

      <details><summary>Cost by part</summary>

      | part | model answers | tokens | cost |
      | --- | ---: | ---: | ---: |
      | \`plan\` | – | 1100 | $0.0050 |
      | \`task a\` | – | 1100 | $0.0050 |
      | **together** | – | 2200 | $0.0100 |

      </details>

      ### How it was verified

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

      <sub>run r1 on \`main\` at \`bbbbbbbbbb\` · $0.0100, 2200 tokens · reviewers: none</sub>"
    `);
  });

  it('of a run that did a part does not close the issue, and says what is missing', () => {
    const { record, run } = inPart();
    expect(renderPullBody(record, run)).toMatchInlineSnapshot(`
      "Part of #1, asked for by @​mona. 1 of 3 tasks are in this branch; 1 failed, 1 blocked.

      ### What was done

      - \`parse\` Task parse (1 file, +2 −1) · grade B (it was read and not run)
        It is done.

      ### What was not done

      - \`render\` Task render: **failed**, 3 attempts: The agent gave up: there is no template. Say what it was missing, then \`/pilot retry\`.
      - \`report\` Task report: blocked by \`render\`

      ### Acceptance

      - \`parse\`: 1 of 1 met

      <sub>1 review (1.0 s, $0.0050, 1100 tokens); evidence is run or read by Gatepilot itself</sub>

      ### How it went

      | batch | merged | not successful | what followed |
      |---|---|---|---|
      | 1 | \`parse\` | \`render\` | the gate pilot: One tag is missing, and the rest stands. |
      | 2 | – | \`render\` | nothing is left that could run within its attempts |

      <details><summary>Every decision between batches, with reasons and cost</summary>

      ### Gate pilot

      **After batch 1** (not successful: \`render\`): the pilot decided to continue: One tag is missing, and the rest stands. (4.2 s, $0.0050, 1100 tokens)
      - \`render\` did not succeed: Verification failed: \`npm test\` exited with 1. The pilot sees code: The template is not closed.
      - \`render\` tries again differently: One tag is missing. — guidance: Close the template.
      - told \`report\`: The page is rendered by \\\`render\\\`.
      - order now: \`render\` → \`report\`
      - full record (prompt, replies, decision): artifact \`exchange\`

      **After batch 2** (not successful: \`render\`): the pilot was not called: nothing is left that could run within its attempts
      - \`render\` did not succeed: The agent gave up: there is no template.
      - \`report\` is blocked by \`render\`
      - \`render\` stays failed

      </details>

      <details><summary>Cost by part</summary>

      | part | model answers | tokens | cost |
      | --- | ---: | ---: | ---: |
      | \`task render\` | – | 3300 | $0.0150 |
      | \`plan\` | – | 1100 | $0.0050 |
      | \`task parse\` | – | 1100 | $0.0050 |
      | \`acceptance\` | – | 1100 | $0.0050 |
      | \`pilot\` | – | 1100 | $0.0050 |
      | **together** | – | 7700 | $0.0350 |

      </details>

      ### How it was verified

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

      <sub>run r1 on \`main\` at \`bbbbbbbbbb\` · 4 attempts · $0.0350, 7700 tokens · reviewers: none</sub>

      <details><summary>Acceptance items (3)</summary>

      - [x] \`parse\` **met** · The work of parse is done.: "npm test" passed: ok
      - [ ] \`render\` must: The work of render is done.
      - [ ] \`report\` must: The work of report is done.

      </details>"
    `);
  });

  it('quotes what was asked for', () => {
    const { record, run } = ready();
    expect(renderPullBody(record, { ...run, request: 'only the\nerror page' })).toContain(
      '\n\n> only the error page\n\n',
    );
  });

  it('has one line of the title of the issue as its title', () => {
    const { record } = ready();
    expect(renderPullTitle(record)).toBe('Fix the error page');
    expect(renderPullTitle({ ...record, title: ' a\n b ' })).toBe('a b');
    expect(renderPullTitle({ ...record, title: '' })).toBe('Work on #1');
    expect(renderPullTitle({ ...record, title: 'x'.repeat(500) })).toHaveLength(200);
  });
});

it('says how it was verified however many items were not met', () => {
  const { record, run } = endless();
  const text = renderPullBody(record, run);
  expect(text.length).toBeLessThan(65_000);
  expect(text).toContain('### How it was verified');
  expect(text).toContain('reviewers: none</sub>');
});
