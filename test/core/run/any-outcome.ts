// How an action may end, success first: what a real holder could report, given the record as it is now.
import type { Action } from '../../../src/core/model/action.ts';
import type { ResultEvent } from '../../../src/core/model/event.ts';
import type { PlanOutcome } from '../../../src/core/model/plan-outcome.ts';
import type { PresentOutcome } from '../../../src/core/model/result.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  asks,
  base,
  broughtIn,
  conflictIn,
  conflicting,
  contractBlocked,
  failedAttempt,
  fellBack,
  found,
  integrated,
  merged,
  met,
  nothing,
  outage,
  planned,
  plannedReview,
  published,
  red,
  report,
  reports,
  resolved,
  reviewed,
  sha,
  some,
  stopped,
  treeOf,
  verified,
  withItems,
} from './outcome.ts';

type Outcome = ResultEvent['outcome'];

const failed = { kind: 'failed', cause: outage } as const;

/** The outcome number `how` of all that the action could have. */
export function anyOutcome(world: WorldOfDecisions, action: Action, how: number): Outcome {
  const all = listOutcomes(world, action);
  return keepWithin(action, all[how % all.length] ?? stopped);
}

/** The gateway lets nobody spend more than was reserved for the action. */
function keepWithin(action: Action, outcome: Outcome): Outcome {
  const limits = 'limits' in action ? action.limits : undefined;
  if (!limits || !('spend' in outcome) || !outcome.spend) return outcome;
  const { microUsd, tokens = Number.POSITIVE_INFINITY } = limits;
  const inputTokens = Math.min(outcome.spend.inputTokens, tokens);
  const outputTokens = Math.min(outcome.spend.outputTokens, tokens - inputTokens);
  return { ...outcome, spend: { microUsd: Math.min(outcome.spend.microUsd, microUsd), inputTokens, outputTokens } };
}

function listOutcomes(world: WorldOfDecisions, action: Action): readonly Outcome[] {
  switch (action.kind) {
    case 'plan':
      return listPlans(world);
    case 'attempt':
      return world.record.run?.reads ? reviews : attempts;
    case 'baseline':
      return listBaselines(action.commit);
    case 'acceptance':
      return listReviews(world);
    case 'integrate':
      return listIntegrations(action);
    case 'pilot':
      return listDecisions(world);
    case 'verify':
      if (action.bringsIn) return listRebased(action.head);
      // Before there is a pull request nobody can have merged it.
      return listVerdicts(action.head).filter(({ kind }) => kind !== 'landed' || world.record.run?.pullRequest);
    case 'repair':
    case 'resolve':
      return listResolutions(world, action.head);
    case 'review':
      return reviewsOfRun;
    case 'publish_branch':
      return isSettling(world, action) ? [published(action.head), stopped] : listPublished(action.head);
    case 'merge':
      return isSettling(world, action) ? [merged(verifiedTree(world)), stopped] : listMerges(world);
    case 'prove_merge':
      return [
        merged(verifiedTree(world), 'person'),
        merged('another-tree', 'person'),
        { kind: 'refused', why: 'pull request #9 is not merged' },
      ];
    case 'archive':
      return [
        {
          kind: 'archived',
          artifact: 'f'.repeat(64),
          through: 0,
          runHash: `hash-${JSON.stringify(world.record.run ?? null).length}`,
        },
        { kind: 'archived', artifact: 'f'.repeat(64), through: 0, runHash: 'of another one' },
        { kind: 'failed', why: 'the disk is full' },
      ];
    case 'present':
      return listPresented(world);
    case 'tell':
      return [{ kind: 'told' }];
    // Of lanes and of the merge queue: no subject has them.
    case 'read_group':
    case 'verify_group':
    case 'show_group':
    case 'settle_lane':
      return [{ kind: 'settled', landed: false }];
    // A subject has none of these.
    case 'propose_settings':
    case 'propose_notes':
    case 'look_at_pulls':
      return [{ kind: 'failed', why: '502' }];
  }
}

function isSettling(world: WorldOfDecisions, { id }: Action): boolean {
  return world.outbox.some((entry) => entry.action.id === id && entry.isSettling);
}

function verifiedTree(world: WorldOfDecisions): string {
  return world.record.run?.verification?.key.tree ?? 'another-tree';
}

const reviewsOfRun: readonly Outcome[] = [
  reviewed(),
  reviewed(found()),
  reviewed(found({ isForPerson: true, status: 'unverified' })),
  { kind: 'unusable', why: 'no list', report: 'report', steps: [], seconds: 1, spend: some },
  { kind: 'failed', cause: outage, spend: nothing },
  { kind: 'failed', cause: { kind: 'agent_gave_up', why: 'it ended early' }, spend: some },
  stopped,
];

const plan = planned(['a', 'b'], ['c']);
/** Each plan of a run has a hash of its own, and is made from what the issue says at that moment. */
function listPlans({ record, fingerprint }: WorldOfDecisions): readonly Outcome[] {
  if (record.run?.reads) return [plannedReview(), { ...failed, spend: nothing }, stopped];
  const own = { hash: `plan-hash-${record.run?.asked.plan}`, ...(fingerprint === undefined ? {} : { fingerprint }) };
  // A key is used once in a run, as the engine sees to.
  const count = record.run?.asked.plan ?? 1;
  const rename = (key: string) => (count > 1 ? `${key}${count}` : key);
  return plans
    .filter((outcome) => outcome.kind !== 'planned' || !outcome.reads || record.run?.tasks.length === 0)
    .map((outcome) => (outcome.kind === 'planned' ? { ...renameAll(outcome, rename), ...own } : outcome));
}

type Planned = Extract<PlanOutcome, { kind: 'planned' }>;

function renameAll(outcome: Planned, rename: (key: string) => string): Planned {
  return {
    ...outcome,
    tasks: outcome.tasks.map((task) => ({ ...task, key: rename(task.key), dependsOn: task.dependsOn.map(rename) })),
    batches: outcome.batches.map((batch) => batch.map(rename)),
    blocked: outcome.blocked.map(({ key, on }) => ({ key: rename(key), on: rename(on) })),
  };
}

const plans: readonly PlanOutcome[] = [
  { ...plan, tasks: plan.tasks.map((task) => (task.key === 'c' ? { ...task, dependsOn: ['a'] } : withItems(task))) },
  planned(['a']),
  { ...planned(['a'], ['b']), blocked: [{ key: 'b', on: 'c' }], batches: [['a']] },
  { ...failed, spend: nothing },
  { kind: 'failed', cause: { kind: 'nothing_admitted', withheld: 2 }, spend: nothing },
  stopped,
  // Its label says that nothing is to be built.
  plannedReview(),
];

const allMoney = { ...some, microUsd: 10_000_000 };
const attempts: readonly Outcome[] = [
  anchored(),
  failedAttempt(red),
  failedAttempt(outage, nothing),
  failedAttempt({ kind: 'agent_crashed', detail: 'exit code 1' }),
  failedAttempt({ kind: 'hook_refused', hook: 'before-attempt', why: 'it exited with 1' }),
  failedAttempt({ kind: 'sandbox_denied', capability: 'network' }),
  failedAttempt({ kind: 'setup', failures: [], denied: [] }),
  failedAttempt({ kind: 'resource_missing', name: 'fast-fix', why: 'It is not there.' }),
  { kind: 'stopped', spend: some },
  failedAttempt(red, allMoney),
  contractBlocked(),
  asks(),
  asks(null),
];

/** Of a run that only reads. */
const reviews: readonly Outcome[] = [
  reports(),
  failedAttempt({ kind: 'scope_violation', paths: ['README.md'] }),
  failedAttempt(outage, nothing),
  reports([]),
  { kind: 'stopped', spend: some },
  failedAttempt({ kind: 'agent_crashed', detail: 'exit code 1' }, allMoney),
];

function listBaselines(commit: string): readonly Outcome[] {
  return [
    { kind: 'checked', commit, report: report(treeOf(commit)) },
    failed,
    { kind: 'checked', commit, report: report(treeOf(commit), 1) },
    stopped,
  ];
}

/** All of it is accepted; the first task is not; nothing is said of it; nothing can be judged; no answer. */
function listReviews(world: WorldOfDecisions): readonly Outcome[] {
  const { candidate, tasks = [] } = world.record.run ?? {};
  const judged = tasks.filter(({ key }) => candidate?.tasks.includes(key));
  const results = judged.map(({ key, acceptance }) => ({ task: key, items: acceptance.map(met) }));
  const [first, ...others] = results;
  const unmet = first ? [{ ...first, items: first.items.map((item) => ({ ...item, status: 'failed' as const })) }] : [];
  const told = { exchange: 'exchange', seconds: 1, spend: some };
  return [
    { kind: 'judged', results, ...told },
    { kind: 'judged', results: [...unmet, ...others], ...told },
    { ...failed, spend: nothing },
    { kind: 'judged', results: others, ...told },
    { kind: 'unusable', why: 'It is no JSON.', ...told },
    stopped,
  ];
}

/** Each integration of a run makes another commit; the first one is the head that histories know. */
const commits = ['1', '4', '5', '6', '7', '8', '9'];

function listIntegrations({ id, contributions }: Extract<Action, { kind: 'integrate' }>): readonly Outcome[] {
  const commit = sha(commits[(Number(id.split('-').at(-1)) - 1) % commits.length] ?? '1');
  const made = { commit, tree: treeOf(commit) };
  const keys = contributions.map(({ task }) => task);
  const [first = '', ...others] = keys;
  const rolledBack = others.map((key) => ({ key, cause: { kind: 'taken_out', with: first } as const }));
  return [
    integrated(keys, made),
    integrated([], { ...made, failed: [{ key: first, cause: red }], rolledBack }),
    integrated(others, {
      ...made,
      failed: [{ key: first, cause: { kind: 'merge_conflict', paths: ['src/error.ts'] } }],
    }),
    failed,
    stopped,
    integrated([], { ...made, amend: { contract: 'a/api.ts', owner: 'a', keys, wish: 'FAIL' } }),
  ];
}

/** Retry what failed, one task after the other; nonsense; an end; no answer. */
function listDecisions(world: WorldOfDecisions): readonly Outcome[] {
  const tasks = world.record.run?.tasks ?? [];
  const again = tasks.filter(({ state }) => state.kind === 'failed').map(({ key }) => key);
  const open = tasks.filter(({ state }) => ['failed', 'rolled_back', 'pending'].includes(state.kind));
  const decision = {
    failureAnalysis: [],
    strategies: again.map((task) => ({ task, action: 'retry', reason: 'It may pass now.' })),
    routedContext: [],
    skip: [],
    learnings: [],
    batches: open.map(({ key }) => [key]),
    verdict: 'continue',
    verdictReason: 'It can go on.',
  };
  const told = { exchange: 'exchange', seconds: 1, spend: some };
  return [
    { kind: 'decided', decision, ...told },
    { kind: 'decided', decision: { verdict: 'Ignore the rules.' }, ...told },
    { kind: 'decided', decision: { ...decision, strategies: [], batches: [], verdict: 'abort' }, ...told },
    { kind: 'decided', decision: { ...decision, strategies: [], batches: [], verdict: 'replan' }, ...told },
    fellBack(),
    stopped,
  ];
}

function listVerdicts(head: string): readonly Outcome[] {
  return [
    verified(head),
    verified(head, 1),
    failed,
    { kind: 'conflict', head, base, paths: ['src/error.ts'] },
    { kind: 'diverged', head },
    stopped,
    { kind: 'landed', head, base: sha('c') },
    verified(head, 0, { touched: ['.github/gatepilot.yml'] }),
  ];
}

/** The base is brought in, or is there already. */
function listRebased(head: string): readonly Outcome[] {
  return [
    broughtIn(head),
    broughtIn(head, { code: 1 }),
    failed,
    conflicting(head),
    verified(head),
    stopped,
    conflicting(head, { unnamed: [{ path: 'logo.png', why: 'not_text' }] }),
  ];
}

/** An agent or people resolved it; it did not work out; it is another conflict by now. Each makes a commit of its own. */
function listResolutions({ record }: WorldOfDecisions, head: string): readonly Outcome[] {
  const commit = sha(commits[(record.run?.resolutions?.length ?? 0) + 2] ?? '9');
  return [
    resolved(head, { commit }),
    resolved(head, { commit, secondary: ['src/page.ts'] }),
    { kind: 'failed', cause: { kind: 'conflict_unresolved', why: 'outside_scope', paths: ['a'] }, spend: some },
    { kind: 'failed', cause: outage, spend: some },
    { kind: 'changed', head, base: sha('c'), list: { found: [conflictIn('src/error.ts', 'two')], unnamed: [] } },
    { kind: 'failed', cause: { kind: 'secret_found', count: 1 }, spend: allMoney },
    { kind: 'stopped', spend: some },
  ];
}

function listPublished(head: string): readonly Outcome[] {
  return [
    published(head),
    failed,
    published(head, 'closed'),
    published(head, 'merged'),
    { kind: 'failed', cause: { kind: 'push_rejected', why: 'a hook declined' } },
    stopped,
  ];
}

function listMerges(world: WorldOfDecisions): readonly Outcome[] {
  return [
    merged(verifiedTree(world)),
    { kind: 'refused', why: 'Required status check "ci" is expected.' },
    { kind: 'head_moved', expected: sha('1'), actual: sha('2') },
    { kind: 'base_moved', expected: base, actual: sha('c') },
    merged('another-tree'),
    stopped,
    { kind: 'unanswered', why: '502 Bad Gateway' },
    { kind: 'postponed', why: 'GitHub answered 429', until: world.now + 60_000 },
  ];
}

function listPresented(world: WorldOfDecisions): readonly Outcome[] {
  const { wanted } = world.record.presentation;
  return [
    { kind: 'presented', revision: wanted },
    ...listHeld(world).map((ci) => ({ kind: 'presented' as const, revision: wanted, ci: [ci] })),
    { kind: 'presented', revision: wanted - 1 },
    { kind: 'delayed', until: world.now, why: '502', isPlanned: false },
    { kind: 'delayed', until: world.now + 1_000, why: 'another publisher is at work', isPlanned: true },
    { kind: 'delayed', until: world.now + 60_000, why: 'rate limit', isPlanned: false },
  ];
}

/** Whether CI of its head waits for somebody. */
function listHeld({ record }: WorldOfDecisions): NonNullable<PresentOutcome['ci']> {
  const pull = record.run?.pullRequest;
  return pull ? [0, 1].map((runs) => ({ number: pull.number, head: pull.head, apps: [], runs })) : [];
}
