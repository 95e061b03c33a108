// Guards around conflicts that agents or people resolve, each taken away.
import type { Mutant } from './store-mutants.ts';

const run = 'test/core/run/resolve.test.ts';
const parse = 'test/core/conflict/parse-conflicts.test.ts';
const resolving = 'src/core/run/resolve-conflict.ts';

export const conflictMutants: readonly Mutant[] = [
  {
    name: 'a conflict of another head is resolved',
    suite: run,
    file: resolving,
    text: 'if (!conflicts || conflicts.head !== head) {',
    replacement: 'if (!conflicts) {',
  },
  {
    name: 'agents settle conflicts that nobody asked about without end',
    suite: run,
    file: resolving,
    text: 'countRepairs(run, (isAsked) => !isAsked) >= maxAttempts',
    replacement: 'countRepairs(run, (isAsked) => !isAsked) > 100 * maxAttempts',
  },
  {
    name: 'an agent starts for a run that is to be finished',
    suite: run,
    file: resolving,
    text: 'if (run.finishing)',
    replacement: 'if (run.finishing && run.policy.maxAttempts < 0)',
  },
  {
    name: 'what an agent settled is merged by a word that was given before',
    suite: run,
    file: 'src/core/run/take-resolution.ts',
    text: "  if (action.kind === 'repair')\n    disarm(",
    replacement: "  if (action.kind === 'repair' && !run.armed)\n    disarm(",
  },
  {
    name: 'a protected path that an agent settled is pushed unseen',
    suite: run,
    file: 'src/core/gate/is-held-back.ts',
    text: ', ...listUnpushedRepairs(run)]',
    replacement: ', ...listUnpushedRepairs(run).slice(0, 0)]',
  },
  {
    name: 'a verification from before the conflict ends resolving it',
    suite: 'test/core/run/next-state.test.ts',
    file: 'src/core/run/take-verification.ts',
    text: "if (run.state.kind === 'reviewing' && run.state.phase === 'resolving') return;",
    replacement: "if (run.state.kind === 'stopping') return;",
  },
  {
    name: 'a conflict that has changed keeps its number',
    suite: run,
    file: 'src/core/conflict/list-conflicts.ts',
    text: 'one.path === other.path && one.content === other.content && one.nth === other.nth',
    replacement: 'one.path === other.path && one.nth === other.nth',
  },
  {
    name: 'a heading is taken for the separator',
    suite: parse,
    file: 'src/core/conflict/parse-conflicts.ts',
    text: '  if (frame.separator) frame.isUnclear = true;\n  else frame.separator = mark;',
    replacement: '  frame.separator ??= mark;',
  },
  {
    name: 'marks of another length close a conflict',
    suite: parse,
    file: 'src/core/conflict/parse-conflicts.ts',
    text: 'const frames = open.get(mark.size) ?? [];',
    replacement: 'const frames = open.values().next().value ?? [];',
  },
];
