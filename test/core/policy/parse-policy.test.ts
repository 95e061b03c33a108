import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/core/policy/parse-policy.ts';

const defaults = parsePolicy(undefined).policy;

describe('the defaults', () => {
  it.each([undefined, '', '\n', '# nothing yet\n', '~', '---\n', 'verify:\nmode:\n  # plan_approval: required\n'])(
    'hold for %j',
    (text) => {
      expect(parsePolicy(text)).toEqual({ policy: defaults, mistakes: [], given: [], said: [] });
    },
  );

  it('are careful and complete', () => {
    expect(defaults).toMatchInlineSnapshot(`
      {
        "acceptance": {
          "enabled": true,
          "timeout_seconds": 300,
        },
        "agents": {
          "chain": [],
          "grace_turns": 2,
          "idle_minutes": 10,
          "timeout_minutes": 30,
        },
        "budget": {
          "day_usd": 100,
          "run_minutes": 480,
          "run_usd": 10,
        },
        "command": {
          "bots": [],
          "slash": "pilot",
        },
        "gate": {
          "auto_merge": false,
          "base_moved": "verify",
          "base_tests": "show",
          "merge_method": "merge",
          "other_prs": "observe",
          "protected_paths": [
            ".github/**",
            ".gatepilot/**",
          ],
          "strict": false,
          "weakened_checks": "ask",
        },
        "labels": {
          "prefix": "pilot",
          "state": true,
        },
        "max_attempts": 3,
        "max_tasks": 12,
        "mode": {
          "draft_prs": false,
          "plan_approval": "never",
        },
        "models": {
          "agent": [],
          "pilot": [],
          "planner": [],
          "reviewer": [],
        },
        "notes": {
          "propose": true,
        },
        "pilot": {
          "enabled": true,
          "max_skip_ratio": 0.5,
          "timeout_seconds": 180,
        },
        "publish": {
          "push": "after_review",
        },
        "questions": {
          "per_run": 6,
          "timeout_minutes": 1440,
        },
        "review": {
          "blocking": [
            "critical",
            "major",
          ],
          "drafts": true,
          "enabled": true,
          "fix_rounds": 0,
          "full_paths": [],
          "max_inline": 6,
          "reviewers": [
            "correctness",
            "concurrency",
            "tests",
            "security",
            "simplification",
          ],
        },
        "sandbox": {
          "cpu_minutes": 240,
          "disk_mb": 8192,
          "memory_mb": 4096,
          "network": [],
          "processes": 512,
          "provider": "auto",
        },
        "schedule": [],
        "setup": {
          "commands": [],
          "network": [],
          "timeout_minutes": 15,
        },
        "verify": {
          "baseline": true,
          "commands": [],
          "timeout_minutes": 20,
        },
      }
    `);
  });
});

describe('a file', () => {
  it('gives settings of its own that may be changed without changing others', () => {
    parsePolicy('').policy.verify.commands.push('rm');
    expect(parsePolicy('').policy.verify.commands).toEqual([]);
  });

  it('changes what it names and nothing else', () => {
    const text = `
      verify:
        commands: [npm test, "npm run -s lint"]
        timeout_minutes: 5
      publish: { push: after_verify }
      notes:
        file: docs/notes.md
      max_attempts: 4
    `;
    expect(parsePolicy(text)).toMatchObject({
      policy: {
        ...defaults,
        verify: { ...defaults.verify, commands: ['npm test', 'npm run -s lint'], timeout_minutes: 5 },
        publish: { push: 'after_verify' },
        notes: { file: 'docs/notes.md', propose: true },
        max_attempts: 4,
      },
      mistakes: [],
      given: ['verify.commands', 'verify.timeout_minutes', 'publish.push', 'notes.file', 'max_attempts'],
    });
  });

  it('may write a command over several lines', () => {
    const { policy, mistakes } = parsePolicy('verify:\n  commands:\n    - |\n      npm ci\n      npm test\n');
    expect(policy.verify.commands).toEqual(['npm ci\nnpm test']);
    expect(mistakes).toEqual([]);
  });
});

describe('mistakes', () => {
  it.each([
    ['verify: [', { kind: 'syntax', line: 1, column: 10, path: '' }],
    ['mode: a: b', { kind: 'syntax', line: 1, column: 7, path: '' }],
    ['max_tasks: 3\n\tverify: x', { kind: 'syntax', line: 2, path: '' }],
    ['max_tasks: 3\n---\nmax_tasks: 4', { kind: 'syntax', line: 2, path: '' }],
    ['- a', { kind: 'bad_value', line: 1, column: 1, path: '', found: 'a list', expected: 'keys with values' }],
    [
      'just text',
      { kind: 'bad_value', line: 1, column: 1, path: '', found: 'just text', expected: 'keys with values' },
    ],
    [
      'x'.repeat(1_000_000),
      { kind: 'too_large', path: '', found: '1000000 characters', expected: 'at most 65536 characters' },
    ],
    ['verifi: {}', { kind: 'unknown_key', line: 1, column: 1, path: 'verifi', found: 'verifi', nearest: 'verify' }],
    ['mode:\n  plan_aproval: never', { kind: 'unknown_key', line: 2, column: 3, nearest: 'mode.plan_approval' }],
    ['max_skip_ratio: 0.5', { kind: 'unknown_key', path: 'max_skip_ratio', nearest: 'pilot.max_skip_ratio' }],
    ['pilot:\n  max_tasks: 5', { kind: 'unknown_key', path: 'pilot.max_tasks', nearest: 'max_tasks' }],
    [
      'verify: npm test',
      { kind: 'bad_value', line: 1, column: 9, path: 'verify', found: 'npm test', expected: 'keys with values' },
    ],
    [
      'verify:\n  commands: npm test',
      { kind: 'bad_value', line: 2, column: 13, path: 'verify.commands', expected: 'a list' },
    ],
    [
      'verify:\n  commands:\n    - a\n    - 5',
      { kind: 'bad_value', line: 4, column: 7, path: 'verify.commands', found: '5', expected: 'text' },
    ],
    [
      'verify:\n  commands: [a, "  "]',
      { kind: 'bad_value', path: 'verify.commands', expected: 'at least 1 character' },
    ],
    ['max_attempts: three', { kind: 'bad_value', found: 'three', expected: 'a number' }],
    ['max_attempts: 2.5', { kind: 'bad_value', found: '2.5', expected: 'a whole number' }],
    ['max_attempts: 0', { kind: 'bad_value', found: '0', expected: 'at least 1' }],
    ['max_tasks: 31', { kind: 'bad_value', found: '31', expected: 'at most 30' }],
    ['max_tasks: .inf', { kind: 'bad_value', found: 'Infinity' }],
    ['pilot: { enabled: yes }', { kind: 'bad_value', found: 'yes', expected: 'true or false' }],
    ['mode: { plan_approval: always }', { kind: 'bad_value', line: 1, column: 24, expected: 'one of never, required' }],
    [
      'command: { slash: /pilot }',
      { kind: 'bad_value', expected: 'one word of letters, digits and "-", without the slash' },
    ],
    [
      'setup: { network: ["https://a.example"] }',
      { kind: 'bad_value', expected: 'a host name such as registry.npmjs.org' },
    ],
    [
      'sandbox: { provider: gvisor }\nsetup: { image: debian }',
      {
        ...{ kind: 'bad_value', line: 2, column: 17, path: 'setup.image', found: 'debian' },
        expected: 'nothing, since `sandbox.provider: gvisor` runs no containers (take `oci`, or leave it out)',
      },
    ],
    ['notes: { file: ../../etc/passwd }', { kind: 'bad_value', path: 'notes.file' }],
    ['notes: { file: /etc/passwd }', { kind: 'bad_value', path: 'notes.file' }],
    ['review: { reviewers: [] }', { kind: 'bad_value', expected: 'at least 1 entry', found: 'an empty list' }],
    [
      'max_tasks: 3\nmax_tasks: 4',
      { kind: 'duplicate_key', line: 2, column: 1, path: 'max_tasks', expected: 'every key once' },
    ],
    [
      'mode:\n  draft_prs: true\n  draft_prs: true',
      { kind: 'duplicate_key', line: 3, column: 3, path: 'mode.draft_prs' },
    ],
    [
      'setup:\n  network: &a [a.example]\nsandbox:\n  network: *a',
      { kind: 'bad_value', line: 4, column: 12, found: '*a' },
    ],
    ['__proto__: { polluted: true }', { kind: 'unknown_key', path: '__proto__' }],
    ['constructor: 1', { kind: 'unknown_key', path: 'constructor' }],
    ['? [a, b]\n: 1', { kind: 'unknown_key', line: 1 }],
  ])('are located: %.60j', (text, mistake) => {
    const { mistakes } = parsePolicy(text);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatchObject(mistake);
  });

  it('leave everything else in force', () => {
    const text = 'max_tasks: 5\nverify:\n  commands: [make, 7]\n  timeout_minutes: 3\nmaxtasks: 9\nmode: [a]\n';
    const { policy, mistakes, given } = parsePolicy(text);
    expect(policy).toEqual({ ...defaults, max_tasks: 5, verify: { ...defaults.verify, timeout_minutes: 3 } });
    expect(mistakes.map(({ line, path }) => [line, path])).toEqual([
      [3, 'verify.commands'],
      [5, 'maxtasks'],
      [6, 'mode'],
    ]);
    expect(given).toEqual(['max_tasks', 'verify.timeout_minutes']);
  });

  it('make both of two equal keys void', () => {
    expect(parsePolicy('max_tasks: 3\nmax_tasks: 4').policy.max_tasks).toBe(12);
    expect(parsePolicy('gate: {strict: true}\ngate: {strict: false}').policy.gate).toEqual(defaults.gate);
  });

  it('are told once per key, at most twenty of them', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `key${index}: 1`).join('\n');
    const { mistakes, policy } = parsePolicy(`${many}\nmax_tasks: 5`);
    expect(mistakes).toHaveLength(20);
    expect(mistakes[0]).toMatchObject({ line: 1 });
    expect(mistakes[19]).toMatchObject({ kind: 'too_many', line: 20, path: '', found: '4981 more' });
    expect(policy.max_tasks).toBe(5);
    expect(parsePolicy('setup: { network: [1, 2, "a b", 4] }').mistakes).toHaveLength(1);
  });
});

describe('the last good settings', () => {
  const lastGood = parsePolicy('verify: { commands: [make test] }\nmax_tasks: 7\nmode: { draft_prs: true }');

  it('stay in force for a bad key', () => {
    const { policy } = parsePolicy('verify: { commands: 5, timeout_minutes: 9 }\nmax_tasks: many', { lastGood });
    expect(policy.verify).toEqual({ ...defaults.verify, commands: ['make test'], timeout_minutes: 9 });
    expect(policy.max_tasks).toBe(7);
  });

  it('stay in force for a bad section and for a key that is there twice', () => {
    const { policy } = parsePolicy('mode: draft\nmax_tasks: 1\nmax_tasks: 2', { lastGood });
    expect(policy.mode).toEqual({ plan_approval: 'never', draft_prs: true });
    expect(policy.max_tasks).toBe(7);
  });

  it.each(['verify: [', '- a', 'x'.repeat(70_000)])(
    'stay in force as a whole for a file that cannot be read',
    (text) => {
      expect(parsePolicy(text, { lastGood }).policy).toEqual(lastGood.policy);
    },
  );

  it('do not stay for keys that are gone from the file', () => {
    expect(parsePolicy('max_tasks: 8', { lastGood }).policy).toEqual({ ...defaults, max_tasks: 8 });
    expect(parsePolicy(undefined, { lastGood }).policy).toEqual(defaults);
  });
});

describe("the organisation's settings", () => {
  const fallback = parsePolicy(
    'verify: { commands: [make], timeout_minutes: 3 }\nsetup: { network: [a.example] }',
  ).policy;

  it('hold where the repository says nothing', () => {
    const { policy, given } = parsePolicy('verify: { commands: [npm test] }\nsetup: { network: [b.example] }', {
      fallback,
    });
    expect(policy.verify).toEqual({ ...defaults.verify, commands: ['npm test'], timeout_minutes: 3 });
    expect(policy.setup.network).toEqual(['b.example']);
    expect(given).toEqual(['verify.commands', 'setup.network']);
    expect(parsePolicy(undefined, { fallback }).policy).toEqual(fallback);
  });

  it('hold for a bad key that never was good', () => {
    expect(parsePolicy('verify: { commands: 5 }', { fallback }).policy.verify.commands).toEqual(['make']);
  });

  it('are not changed by being used', () => {
    const before = structuredClone(fallback);
    parsePolicy('verify: { commands: 5 }\nmode: 3', {
      fallback,
      lastGood: { policy: fallback, said: [] },
    }).policy.verify.commands.push('x');
    expect(fallback).toEqual(before);
  });
});
