import { expect, it } from 'vitest';
import { Cause, secretsCountedAtMost } from '../../../src/core/model/cause.ts';
import { renderCause } from '../../../src/core/reply/render-cause.ts';
import { renderRemedy } from '../../../src/core/reply/render-remedy.ts';
import { red, report } from '../run/outcome.ts';

const { commands: failures } = report('tree', 1);

/** One of each kind: the compiler asks for a new one. */
const causes: { readonly [K in Cause['kind']]: Extract<Cause, { kind: K }> } = {
  plan_unusable: { kind: 'plan_unusable', complaints: ['a cycle'] },
  nothing_red: { kind: 'nothing_red', head: 'a'.repeat(40) },
  nothing_admitted: { kind: 'nothing_admitted', withheld: 2 },
  repository_empty: { kind: 'repository_empty' },
  scope_violation: { kind: 'scope_violation', paths: ['a.ts'] },
  content_refused: { kind: 'content_refused', why: 'it is too large' },
  secret_found: { kind: 'secret_found', count: 1 },
  conflict_marks: { kind: 'conflict_marks', paths: ['a.ts'] },
  verify_red: red as Extract<Cause, { kind: 'verify_red' }>,
  baseline_red: { kind: 'baseline_red', commit: 'b'.repeat(40), failures },
  no_change: { kind: 'no_change', said: 'All is well.' },
  agent_gave_up: { kind: 'agent_gave_up', why: 'there is no template' },
  unanswered: { kind: 'unanswered', question: 'r1-q1' },
  agent_crashed: { kind: 'agent_crashed', detail: 'exit code 1' },
  deadline: { kind: 'deadline', limit: 'budget.run_minutes', valueMs: 60_000, elapsedMs: 61_000 },
  budget: { kind: 'budget', limit: 'budget.run_usd', value: 10, spent: 9.99 },
  turn_limit: { kind: 'turn_limit', maxTurns: 30, graceTurns: 2, failures },
  context_overflow: { kind: 'context_overflow', isRecoveryTried: true },
  resource_missing: { kind: 'resource_missing', name: 'fast-fix', why: 'It is not there.' },
  hook_refused: { kind: 'hook_refused', hook: 'before-push', why: 'it exited with 1: not on Fridays' },
  setup: { kind: 'setup', failures, denied: ['registry.example.com'] },
  sandbox_denied: { kind: 'sandbox_denied', capability: 'network', why: 'its proof failed when the worker started' },
  model_unavailable: { kind: 'model_unavailable', detail: 'no answer' },
  model_refused: { kind: 'model_refused', detail: 'status 401' },
  merge_conflict: { kind: 'merge_conflict', paths: ['a.ts'] },
  conflict_unresolved: { kind: 'conflict_unresolved', why: 'marker_left', paths: ['a.ts'] },
  integration_red: { kind: 'integration_red', paths: ['a.ts'], failures },
  taken_out: { kind: 'taken_out', with: 'a' },
  integration_unrouteable: { kind: 'integration_unrouteable', failures },
  acceptance_failed: {
    kind: 'acceptance_failed',
    items: [{ id: 'a1', text: 'Umlauts are kept', why: 'nothing shows it' }],
  },
  acceptance_unusable: { kind: 'acceptance_unusable', why: 'it was no JSON' },
  denied: { kind: 'denied', by: 'otto', reason: 'Use three.', paths: ['a.ts'] },
  dependency_failed: { kind: 'dependency_failed', task: 'a' },
  foundation_unsatisfied: { kind: 'foundation_unsatisfied' },
  contract_blocked: { kind: 'contract_blocked', path: 'a.ts', owner: 'a' },
  contradiction: { kind: 'contradiction', with: 'a' },
  pilot_aborted: { kind: 'pilot_aborted', reason: 'Nothing is left.' },
  push_rejected: { kind: 'push_rejected', why: 'a hook declined' },
  tasks_failed: { kind: 'tasks_failed', failed: ['a'] },
  infrastructure: { kind: 'infrastructure', system: 'git', detail: '502' },
};

it('says of every cause in one sentence what happened, and in another what to do next', () => {
  for (const cause of Object.values(causes)) {
    for (const text of [renderCause(Cause.parse(cause)), renderRemedy(Cause.parse(cause), 'pilot')]) {
      expect(text).toMatch(/^[A-Z`].*[.]$/s);
      expect(text, cause.kind).not.toMatch(/[{}]|\[object|undefined|NaN/);
      expect(text, cause.kind).not.toContain(`${cause.kind} `);
    }
  }
});

it('counts secrets no further than anybody needs to know', () => {
  const say = (count: number) => renderCause({ kind: 'secret_found', count });
  expect(say(99)).toContain('holds 99 token-shaped strings');
  expect(say(secretsCountedAtMost)).toContain('holds at least 100 token-shaped strings');
});

it('says why no sandbox can give something, and no more than was kept', () => {
  const cause = { kind: 'sandbox_denied' as const, capability: 'allowlist' };
  expect(renderCause(Cause.parse({ ...cause, why: 'its proof failed: see <the log>.' }))).toBe(
    'No sandbox here can give "allowlist": its proof failed: see &lt;the log&gt;.',
  );
  expect(renderCause(Cause.parse(cause))).toBe('No sandbox here can give "allowlist".');
});

it('speaks of commands as the repository has them', () => {
  const said = Object.values(causes).map((cause) => renderRemedy(Cause.parse(cause), 'gp'));
  expect(said.filter((text) => text.includes('/pilot'))).toEqual([]);
  expect(said.filter((text) => text.includes('`/gp ')).length).toBeGreaterThan(15);
});
