// One merge under a grant, while GitHub limits, loses answers and moves the base between two of our reads.
import { beforeEach, describe, expect, it } from 'vitest';
import { nothingSpent } from '../../src/core/model/spend.ts';
import { budgetWrites } from '../../src/engine/budget-writes.ts';
import type { Held } from '../../src/engine/carry-out.ts';
import { ExternalError, type Retry } from '../../src/engine/external-error.ts';
import type { GitHubPort, PullFacts } from '../../src/engine/port/github.ts';
import type { BucketAnswer } from '../../src/engine/port/store.ts';
import { runMerge } from '../../src/engine/run-merge.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { base, sha } from '../core/run/outcome.ts';
import * as place from '../core/run/place.ts';
import { noHooks } from '../support/no-hooks.ts';

const until = 9_000_000;
const failing = (retry: Retry) => () => Promise.reject(new ExternalError({ system: 'github', message: 'no', retry }));

let calls: number;
let hasLanded: boolean;
let github: Partial<GitHubPort>;
let budget: BucketAnswer;
const usual = 'verify:\n  commands:\n    - npm test\n  baseline: false\nreview:\n  enabled: false\n';
let settings: string;

beforeEach(() => {
  calls = 0;
  hasLanded = false;
  budget = { kind: 'taken' };
  settings = usual;
  github = {
    readPull: async () => pull(),
    readPermission: async () => 'write',
    listHeldCi: async () => ({ apps: [], runs: 0 }),
    readBranch: async () => base,
    readBranchRules: async () => ({ hasMergeQueue: false, wantsUpToDate: false }),
    findSibling: async () => undefined,
    listChanges: async () => [],
    readFile: async (_repository, path) => (path === 'package.json' ? undefined : settings),
    readTree: async () => 'tree',
    merge: async () => {
      calls += 1;
      hasLanded = true;
      return { kind: 'merged', sha: sha('9') };
    },
  };
});

function pull(): PullFacts {
  return {
    number: 9,
    state: hasLanded ? 'merged' : 'open',
    isDraft: false,
    nodeId: 'PR_1',
    headSha: sha('1'),
    headBranch: 'gatepilot/1/r1',
    isSameRepository: true,
    isOurs: true,
    baseBranch: 'main',
    mergeSha: hasLanded ? sha('9') : undefined,
    title: 'A change',
    body: '',
  };
}

async function merge(change: (world: ReturnType<typeof place.merging>) => void = () => undefined) {
  const world = place.merging();
  change(world);
  const holder = world.begin('merge');
  const held: Held<'merge'> = {
    subject: 'github.test/7/1' as never,
    action: holder.action as never,
    token: holder.token,
    record: structuredClone(world.record),
    isSettling: false,
    spent: { spend: nothingSpent },
    signal: new AbortController().signal,
    stillHolds: () => true,
    mayBeReplaced: () => false,
    isStillWanted: async () => true,
    inform: async () => undefined,
  };
  const store = { load: async () => world.snapshot(), takeTokens: async () => budget };
  const { hash, sandboxes, network } = world.snapshot().facts;
  const ports = {
    store,
    hooks: noHooks,
    hash,
    options: { sandboxes: sandboxes.map(({ name }) => name), network },
    github: budgetWrites(github as GitHubPort, { store, perMinute: 40 }),
  };
  return await runMerge(ports as never as WorkPorts, held);
}

it.each([
  ['merge', 'Merge pull request #9 from acme/gatepilot/1/r1', 'A change'],
  [
    'squash',
    'A change (#9)',
    'Co-authored-by: mona <1+mona@users.noreply.github.com>\nGatepilot-Run: r1 https://github.test/acme/errors/issues/1\n',
  ],
  ['rebase', 'Merge pull request #9 from acme/gatepilot/1/r1', 'A change'],
] as const)('merges by %s where the settings say so, in the words of GitHub', async (method, title, message) => {
  let asked: unknown;
  github.merge = async (_repository, _number, options) => {
    asked = options;
    return { kind: 'merged', sha: sha('9') };
  };
  await merge((world) => {
    world.run.policy.mergeMethod = method;
    settings += `gate: { merge_method: ${method} }\n`;
  });
  expect(asked).toMatchObject({ sha: sha('1'), method, title, message });
});

it('merges', async () => {
  expect(await merge()).toEqual({ kind: 'merged', sha: sha('9'), tree: 'tree', by: 'gatepilot' });
});

it('asks last of all whether CI of that head waits for somebody, and merges nothing while it does or nobody can tell', async () => {
  github.listHeldCi = async (_repository, head) => ({ apps: ['GitHub Actions'], runs: head === sha('1') ? 2 : 0 });
  expect(await merge()).toEqual({ kind: 'ci_held', runs: 2 });
  github.listHeldCi = async () => ({ apps: ['CI'], runs: 0 });
  expect(await merge()).toMatchObject({ kind: 'merged' });
  hasLanded = false;
  github.listHeldCi = failing('soon');
  expect(await merge()).toMatchObject({ kind: 'postponed' });
  expect(calls).toBe(1);
});

it.each(['triage', 'read', 'none', 'unknown'] as const)(
  'asks again what whoever asked for it may do, and merges nothing for somebody with %s',
  async (permission) => {
    github.readPermission = async () => permission;
    expect(await merge()).toEqual({ kind: 'refused', why: '@mona may no longer merge here' });
    expect(calls).toBe(0);
  },
);

it.each(['write', 'none', 'unknown'] as const)(
  'asks again what whoever overrode a gate may do, and merges nothing on an override of somebody with %s',
  async (permission) => {
    const lead = { id: 7, login: 'lead', kind: 'person' } as const;
    const overrideBy = (world: ReturnType<typeof place.merging>) => {
      const key = world.run.verification?.key;
      if (!key) throw new Error('nothing was verified');
      world.run.overrides = [{ gate: 'protected-paths', key, by: lead, reason: 'Fine.', at: 1 }];
    };
    github.readPermission = async (_repository, login) => (login === 'lead' ? permission : 'write');
    expect(await merge(overrideBy)).toEqual({
      kind: 'refused',
      why: '@lead, who overrode protected-paths, may no longer do that',
    });
    expect(calls).toBe(0);
    github.readPermission = async (_repository, login) => (login === 'lead' ? 'maintain' : 'write');
    expect(await merge(overrideBy)).toMatchObject({ kind: 'merged' });
  },
);

it('asks again what whoever dismissed a finding may do, and merges nothing where that is no longer enough', async () => {
  const other = { id: 8, login: 'wanda', kind: 'person' } as const;
  const dismissBy = (world: ReturnType<typeof place.merging>) => {
    const finding = {
      id: 'F-1',
      severity: 'major',
      path: 'a.ts',
      what: 'Wrong.',
      status: 'confirmed',
      by: 'check',
    } as const;
    world.run.dismissals = [{ finding, head: sha('1'), by: other, reason: 'Fine.', at: 1 }];
  };
  github.readPermission = async (_repository, login) => (login === 'wanda' ? 'read' : 'write');
  expect(await merge(dismissBy)).toEqual({ kind: 'refused', why: '@wanda, who dismissed F-1, may no longer do that' });
  expect(calls).toBe(0);
  github.readPermission = async () => 'write';
  expect(await merge(dismissBy)).toMatchObject({ kind: 'merged' });
});

describe('under strict settings', () => {
  const strictly = async () =>
    await merge((world) => {
      world.run.policy.isStrict = true;
      settings += 'gate: { strict: true }\n';
    });
  const rules = (hasMergeQueue: boolean, wantsUpToDate: boolean): GitHubPort['readBranchRules'] => {
    return async () => ({ hasMergeQueue, wantsUpToDate });
  };

  it.each<[string, GitHubPort['readBranchRules']]>([
    ['no ruleset says so', rules(false, false)],
    ['the server knows no rulesets', async () => undefined],
  ])('merges nothing where GitHub itself would not keep a moved base off, since %s', async (_, read) => {
    github.readBranchRules = read;
    expect(await strictly()).toEqual({
      kind: 'refused',
      why: expect.stringMatching(/^gate\.strict .*main.* "Require branches to be up to date before merging" or/),
    });
    expect(calls).toBe(0);
  });

  it('merges where GitHub wants branches up to date', async () => {
    github.readBranchRules = rules(false, true);
    expect(await strictly()).toMatchObject({ kind: 'merged' });
  });

  it('leaves the merge to the queue where there is one', async () => {
    github.readBranchRules = rules(true, true);
    expect(await strictly()).toMatchObject({ kind: 'refused', why: expect.stringContaining('Merge when ready') });
  });

  it.each(['soon', { at: until }] as const)('waits where the rules cannot be read', async (retry) => {
    github.readBranchRules = failing(retry);
    expect(await strictly()).toMatchObject({ kind: 'postponed', why: 'no' });
    expect(calls).toBe(0);
  });
});

describe('a merge that was not asked for', () => {
  it.each(['readPull', 'readPermission', 'readBranch', 'readBranchRules'] as const)(
    'since GitHub limits what is read before it (%s) waits until then',
    async (name) => {
      github = { ...github, [name]: failing({ at: until }) };
      expect(await merge()).toEqual({ kind: 'postponed', why: 'no', until });
      expect(calls).toBe(0);
    },
  );

  it('since GitHub did not answer is tried again', async () => {
    github = { ...github, readBranch: failing('soon') };
    expect(await merge()).toEqual({ kind: 'postponed', why: 'no' });
  });

  it('since the budget for writing is spent waits until there is room', async () => {
    budget = { kind: 'wait', until };
    expect(await merge()).toMatchObject({ kind: 'postponed', until });
    expect(calls).toBe(0);
  });

  it('since GitHub does not let us look is refused with the reason', async () => {
    github = { ...github, readPermission: failing('never') };
    expect(await merge()).toEqual({ kind: 'refused', why: 'no' });
  });
});

describe('a merge call', () => {
  it('without an answer may still land, also when GitHub cannot be read after it', async () => {
    github = {
      ...github,
      readPull: async () => (calls > 0 ? await failing('soon')() : pull()),
      merge: async () => {
        calls += 1;
        return await failing({ at: until })();
      },
    };
    expect(await merge()).toEqual({ kind: 'unanswered', why: 'no', until });
  });

  it('that landed is not called refused when what it put there cannot be read', async () => {
    github = { ...github, readTree: failing({ at: until }) };
    expect(await merge()).toEqual({ kind: 'postponed', why: 'no', until });
  });

  it('that was refused on a base that had just moved says so', async () => {
    github = {
      ...github,
      readBranch: async () => (calls > 0 ? sha('d') : base),
      merge: async () => {
        calls += 1;
        return { kind: 'refused', why: 'Base branch was modified. Review and try the merge again.' };
      },
    };
    expect(await merge()).toEqual({ kind: 'base_moved', expected: base, actual: sha('d') });
  });
});

it.each([
  ['stricter', `${usual}gate: { protected_paths: ["**"] }\n`],
  ['wrong', `${usual}gate: { protected_paths: 5 }\n`],
])('merges nothing by a verdict that was made by other settings: %s', async (_what, text) => {
  settings = text;
  expect(await merge()).toEqual({ kind: 'settings_moved', base });
  expect(calls).toBe(0);
  settings = `${usual}budget: { run_usd: 3 }\n`;
  expect(await merge()).toMatchObject({ kind: 'merged' });
});

it('merges nothing where the settings cannot be read, and tries again', async () => {
  github.readFile = async () => {
    throw new ExternalError({ system: 'github', message: '502', retry: 'soon' });
  };
  expect(await merge()).toMatchObject({ kind: 'postponed' });
  expect(calls).toBe(0);
});
