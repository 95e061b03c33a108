// Guards of what counts as done, each taken away.
import type { Mutant } from './store-mutants.ts';

const judge = 'src/core/acceptance/judge-acceptance.ts';
const text = 'src/core/acceptance/check-evidence-text.ts';
const core = 'test/core/acceptance';

export const acceptanceMutants: readonly Mutant[] = [
  {
    name: 'a claim counts although its evidence does not hold',
    suite: core,
    file: judge,
    text: "if (finding.kind === 'fails')",
    replacement: "if (finding.kind === 'fails' && claim.why === '')",
  },
  {
    name: 'a claim counts without evidence',
    suite: core,
    file: judge,
    text: "if (!finding) return { status: 'failed', evidence: 'It was called met without any evidence.' };",
    replacement: "if (!finding) return { status: 'met', evidence: claim.why };",
  },
  {
    name: 'a must item that nobody spoke of is met',
    suite: core,
    file: judge,
    text: "if (!result) return [{ ...item, status: 'missing' as const, evidence: 'The reviewer said nothing about it.' }];",
    replacement: 'if (!result) return [];',
  },
  {
    name: 'a command that looks at nothing is evidence',
    suite: core,
    file: text,
    text: 'return bare.split(',
    replacement: "return bare !== '' || bare.split(",
  },
  {
    name: 'what a command was told to say is its output',
    suite: core,
    file: text,
    text: ' && !flatten(command).includes(flatten(quote))',
    replacement: '',
  },
  {
    name: 'a batch lands before it is accepted',
    suite: 'test/core/run/acceptance.test.ts',
    file: 'src/core/run/take-integration.ts',
    text: 'if (isWaiting) run.candidate = candidate;',
    replacement: 'if (isWaiting) landCandidate(run, { ...candidate });',
  },
  {
    name: 'what a part of a review found holds for any tree',
    suite: 'test/core/run/acceptance.test.ts',
    file: 'src/core/run/review-parts.ts',
    text: 'reviewed && reviewed.tree === candidate?.tree ?',
    replacement: 'reviewed && candidate ?',
  },
  {
    name: 'an item of which its reviewer says nothing is asked about for ever',
    suite: 'test/core/run/acceptance.test.ts',
    file: 'src/core/run/take-acceptance.ts',
    text: 'const found = joinResults(outcome.results, listUnsaid(part, outcome.results));',
    replacement: 'const found = joinResults(outcome.results, []);',
  },
  {
    name: 'agents start on a base that is red',
    suite: 'test/core/run/baseline.test.ts',
    file: 'src/core/run/take-baseline.ts',
    text: 'if (isGreen(report)) {',
    replacement: 'if (report.commands.length > 0) {',
  },
  {
    name: 'a run makes more attempts than it may',
    suite: 'test/core/run/budget.test.ts',
    file: 'src/core/run/budget.ts',
    text: 'return used < cap;',
    replacement: 'return used <= cap;',
  },
];
