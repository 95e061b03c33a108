import { describe, expect, it } from 'vitest';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { ready } from '../run/place.ts';
import { afterBoundary, endless, inPart, working } from './reply-world.ts';

function sticky({ record, run }: WorldOfDecisions, thread = record.number): string {
  return renderSticky(run, thread);
}

describe('the sticky comment', () => {
  it('of a run that works', () => {
    expect(sticky(working())).toMatchInlineSnapshot(`
      "## Gatepilot · run r1

      **Working** on batch 1 of 2.

      | batch | task | what | after | may change | acceptance | state |
      |---|---|---|---|---|---|---|
      | 1 | \`parse\` | Task parse | – | \`parse/**\` | The work of parse is done. | done, not merged yet |
      | 1 | \`render\` | Task render | – | \`render/**\` | The work of render is done. | working (attempt 2) |
      | 2 | \`report\` | Task report | \`parse\`, \`render\` | \`report/**\` | The work of report is done. | waiting |

      > A second task with the key \`parse\` is called \`render\`.

      <details><summary>Graph</summary>

      \`\`\`mermaid
      graph LR
        subgraph batch 1
          t0["parse: Task parse"]
          t1["render: Task render"]
        end
        subgraph batch 2
          t2["report: Task report"]
        end
        t0 --> t2
        t1 --> t2
      \`\`\`

      </details>

      <details><summary>Cost by part</summary>

      | part | model answers | tokens | cost |
      | --- | ---: | ---: | ---: |
      | \`plan\` | – | 1100 | $0.0050 |
      | \`task parse\` | – | 1100 | $0.0050 |
      | \`task render\` | – | 1100 | $0.0050 |
      | **together** | – | 3300 | $0.0150 |

      </details>

      <details><summary>Failed attempts (1)</summary>

      - \`render\` attempt 1: Verification failed: \`npm test\` exited with 1.

      </details>

      <sub>base \`main\` at \`bbbbbbbbbb\` · texts read: 1, withheld: 0, hidden pieces taken out: 0 · $0.0150, 3300 tokens · \`/pilot help\` · \`/pilot stop\` ends it</sub>

      <details><summary>Acceptance items (3)</summary>

      - [ ] \`parse\` must: The work of parse is done.
      - [ ] \`render\` must: The work of render is done.
      - [ ] \`report\` must: The work of report is done.

      </details>"
    `);
  });

  it('after a boundary tells what was decided and why', () => {
    expect(sticky(afterBoundary())).toMatchInlineSnapshot(`
      "## Gatepilot · run r1

      **Working** on batch 2 of 3.

      | batch | task | what | after | may change | acceptance | state |
      |---|---|---|---|---|---|---|
      | 1 | \`parse\` | Task parse | – | \`parse/**\` | The work of parse is done. | **merged** |
      | 2 | \`render\` | Task render | – | \`render/**\` | The work of render is done. | working (attempt 3) |
      | 3 | \`report\` | Task report | \`parse\`, \`render\` | \`report/**\` | The work of report is done. | waiting |

      > A second task with the key \`parse\` is called \`render\`.

      <details><summary>Graph</summary>

      \`\`\`mermaid
      graph LR
        subgraph batch 1
          t0["parse: Task parse"]
        end
        subgraph batch 2
          t1["render: Task render"]
        end
        subgraph batch 3
          t2["report: Task report"]
        end
        t0 --> t2
        t1 --> t2
      \`\`\`

      </details>

      <details><summary>Cost by part</summary>

      | part | model answers | tokens | cost |
      | --- | ---: | ---: | ---: |
      | \`task render\` | – | 2200 | $0.0100 |
      | \`plan\` | – | 1100 | $0.0050 |
      | \`task parse\` | – | 1100 | $0.0050 |
      | \`acceptance\` | – | 1100 | $0.0050 |
      | \`pilot\` | – | 1100 | $0.0050 |
      | **together** | – | 6600 | $0.0300 |

      </details>

      ### Gate pilot

      **After batch 1** (not successful: \`render\`): the pilot decided to continue: One tag is missing, and the rest stands. (4.2 s, $0.0050, 1100 tokens)
      - \`render\` did not succeed: Verification failed: \`npm test\` exited with 1. The pilot sees code: The template is not closed.
      - \`render\` tries again differently: One tag is missing. — guidance: Close the template.
      - told \`report\`: The page is rendered by \\\`render\\\`.
      - order now: \`render\` → \`report\`
      - full record (prompt, replies, decision): artifact \`exchange\`

      ### Acceptance

      - \`parse\`: 1 of 1 met

      <sub>1 review (1.0 s, $0.0050, 1100 tokens); evidence is run or read by Gatepilot itself</sub>

      <details><summary>Failed attempts (2)</summary>

      - \`render\` attempt 1: Verification failed: \`npm test\` exited with 1.
      - \`render\` attempt 2: Verification failed: \`npm test\` exited with 1.

      </details>

      <sub>base \`main\` at \`bbbbbbbbbb\` · texts read: 1, withheld: 0, hidden pieces taken out: 0 · $0.0300, 6600 tokens · \`/pilot help\` · \`/pilot stop\` ends it</sub>

      <details><summary>Acceptance items (3)</summary>

      - [x] \`parse\` **met** · The work of parse is done.: "npm test" passed: ok
      - [ ] \`render\` must: The work of render is done.
      - [ ] \`report\` must: The work of report is done.

      </details>"
    `);
  });

  it('of a run that is ready names the exact key and the next step', () => {
    expect(sticky(ready())).toMatchInlineSnapshot(`
      "## Gatepilot · run r1

      **Ready to merge.** Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.

      | batch | task | what | may change | state |
      |---|---|---|---|---|
      | 1 | \`a\` | Task a | \`a/**\` | **merged** |

      <details><summary>Graph</summary>

      \`\`\`mermaid
      graph LR
        subgraph batch 1
          t0["a: Task a"]
        end
      \`\`\`

      </details>

      <details><summary>Cost by part</summary>

      | part | model answers | tokens | cost |
      | --- | ---: | ---: | ---: |
      | \`plan\` | – | 1100 | $0.0050 |
      | \`task a\` | – | 1100 | $0.0050 |
      | **together** | – | 2200 | $0.0100 |

      </details>

      ### Verification

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

      ### Gate

      - ✅ **gate**: Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.
        - ✅ **run**: The run is complete.
        - ✅ **tasks**: All 1 tasks are merged into the branch.
          - ✅ **a**: \`a\` is merged.
        - ✅ **protected paths**: No protected path is touched.
        - ✅ **verification**: 1 verify command passed on the merged tree.
        - ✅ **draft**: It is no draft.
        - ✅ **shared head**: No other pull request goes by this verdict.

      <sub>base \`main\` at \`bbbbbbbbbb\` · pull request #9 · texts read: 1, withheld: 0, hidden pieces taken out: 0 · $0.0100, 2200 tokens · \`/pilot help\`</sub>

      Next: \`/pilot merge\`"
    `);
  });

  it('of a run that delivers a part says what is missing', () => {
    expect(sticky(inPart())).toMatchInlineSnapshot(`
      "## Gatepilot · run r1

      **Not mergeable yet:** 1 of 3 tasks are merged; \`render\` failed.

      | batch | task | what | after | may change | acceptance | state |
      |---|---|---|---|---|---|---|
      | 1 | \`parse\` | Task parse | – | \`parse/**\` | The work of parse is done. | **merged** |
      | 2 | \`render\` | Task render | – | \`render/**\` | The work of render is done. | **failed**, 3 attempts: The agent gave up: there is no template. Say what it was missing, then \`/pilot retry\`. |
      | – | \`report\` | Task report | \`parse\`, \`render\` | \`report/**\` | The work of report is done. | blocked by \`render\` |

      > A second task with the key \`parse\` is called \`render\`.

      <details><summary>Graph</summary>

      \`\`\`mermaid
      graph LR
        subgraph batch 1
          t0["parse: Task parse"]
        end
        subgraph batch 2
          t1["render: Task render"]
        end
        t2["report: Task report"]
        t0 --> t2
        t1 --> t2
      \`\`\`

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

      ### Acceptance

      - \`parse\`: 1 of 1 met

      <sub>1 review (1.0 s, $0.0050, 1100 tokens); evidence is run or read by Gatepilot itself</sub>

      <details><summary>Failed attempts (3)</summary>

      - \`render\` attempt 1: Verification failed: \`npm test\` exited with 1.
      - \`render\` attempt 2: Verification failed: \`npm test\` exited with 1.
      - \`render\` attempt 3: The agent gave up: there is no template.

      </details>

      ### Verification

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

      ### Gate

      - ⛔ **gate**: 1 of 3 tasks are merged; \`render\` failed.
        - ✅ **run**: The run is complete.
        - ⛔ **tasks**: 1 of 3 tasks are merged; \`render\` failed.
          - ✅ **parse**: \`parse\` is merged.
          - ⛔ **render**: \`render\` failed.
          - ⛔ **report**: \`report\` is blocked by \`render\`.
        - ✅ **protected paths**: No protected path is touched.
        - ✅ **verification**: 1 verify command passed on the merged tree.
        - ✅ **draft**: It is no draft.
        - ✅ **shared head**: No other pull request goes by this verdict.

      <sub>base \`main\` at \`bbbbbbbbbb\` · pull request #9 · texts read: 1, withheld: 0, hidden pieces taken out: 0 · $0.0350, 7700 tokens · \`/pilot help\`</sub>

      <details><summary>Acceptance items (3)</summary>

      - [x] \`parse\` **met** · The work of parse is done.: "npm test" passed: ok
      - [ ] \`render\` must: The work of render is done.
      - [ ] \`report\` must: The work of report is done.

      </details>"
    `);
  });

  it('on the pull request leaves out the story, which is in the body there', () => {
    expect(sticky(inPart(), 9)).toMatchInlineSnapshot(`
      "## Gatepilot · run r1

      **Not mergeable yet:** 1 of 3 tasks are merged; \`render\` failed.

      ### Gate

      - ⛔ **gate**: 1 of 3 tasks are merged; \`render\` failed.
        - ✅ **run**: The run is complete.
        - ⛔ **tasks**: 1 of 3 tasks are merged; \`render\` failed.
          - ✅ **parse**: \`parse\` is merged.
          - ⛔ **render**: \`render\` failed.
          - ⛔ **report**: \`report\` is blocked by \`render\`.
        - ✅ **protected paths**: No protected path is touched.
        - ✅ **verification**: 1 verify command passed on the merged tree.
        - ✅ **draft**: It is no draft.
        - ✅ **shared head**: No other pull request goes by this verdict.

      <sub>base \`main\` at \`bbbbbbbbbb\` · pull request #9 · texts read: 1, withheld: 0, hidden pieces taken out: 0 · $0.0350, 7700 tokens · \`/pilot help\`</sub>"
    `);
  });
});

it('has its gate, its verification and its footer however many items were not met', () => {
  const text = sticky(endless());
  expect(text.length).toBeLessThan(65_000);
  expect(text).toMatch(/lines \(\d+ characters\) left out/);
  expect(text).toContain('### Verification');
  expect(text).toContain('### Gate\n\n- ✅');
  expect(text).toContain('Next: `/pilot merge`');
  // The list of all items stands last, and is closed.
  expect(text).toMatch(/<details><summary>Acceptance items \(600\)<\/summary>[\s\S]*left out\._\n\n<\/details>$/);
});

it('names for each task of the longest plan, in short, what it fails without; the items are listed in full below', () => {
  const rows = sticky(endless())
    .split('\n')
    .filter((line) => /^\| \S+ \| `t\d+`/.test(line));
  expect(rows).toHaveLength(30);
  for (const row of rows) {
    expect(row).toMatch(/ \| 0 @.*… · 1 @.*… · and 18 more \| \*\*merged\*\* \|$/);
    expect(row.length).toBeLessThan(500);
  }
});

it('has no such column where nothing has to be so', () => {
  const world = working();
  for (const task of world.run.tasks) task.acceptance = task.acceptance.map((item) => ({ ...item, level: 'should' }));
  expect(sticky(world)).toContain('| may change | state |');
});
