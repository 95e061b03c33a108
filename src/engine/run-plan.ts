// Asks the planner, normalises what it answers, and falls back in the open when it cannot be used.
import type { ChainUse } from '../core/model/chain-use.ts';
import type { AcceptanceItem, PlanRoute, TaskRelation } from '../core/model/plan-outcome.ts';
import { PlanOutcome } from '../core/model/plan-outcome.ts';
import type { Run } from '../core/model/run.ts';
import { nothingSpent, type Spend } from '../core/model/spend.ts';
import { continuePlan } from '../core/plan/continue-plan.ts';
import { fallbackPlan } from '../core/plan/fallback-plan.ts';
import { normalisePlan, type PlanOptions } from '../core/plan/normalise-plan.ts';
import { Plan, type PlanTask, type Relation } from '../core/plan/plan.ts';
import { renderPlanComplaint } from '../core/plan/plan-complaint.ts';
import type { PlanAdjustment, PlannedBatches } from '../core/plan/planned-batches.ts';
import { serialisePlan } from '../core/plan/serialise-plan.ts';
import { renderAllDenials } from '../core/prompt/render-denials.ts';
import { listLearnings } from '../core/prompt/render-known.ts';
import { renderPlanPrompt } from '../core/prompt/render-plan-prompt.ts';
import { renderPlanAdjustment } from '../core/reply/render-plan-adjustment.ts';
import { chooseWorkflow } from '../core/resource/choose-workflow.ts';
import type { Workflow } from '../core/resource/resource.ts';
import { findWorkflowComplaints, listReadingWorkflows, listTaskWorkflows } from '../core/resource/task-workflow.ts';
import { reviewKey, toReviewTask } from '../core/review/review-task.ts';
import { toEarlier, toPlanBefore } from '../core/run/to-plan-before.ts';
import type { Held } from './carry-out.ts';
import { ensureCommit, fetchBranch } from './ensure-commit.ts';
import { findVeto } from './find-veto.ts';
import { keepExchange } from './keep-exchange.ts';
import { loadCatalog } from './load-catalog.ts';
import type { Decided } from './port/model.ts';
import { type Admitted, readInput, toFingerprint } from './read-input.ts';
import { readNotes } from './read-notes.ts';
import { toFailure } from './to-failure.ts';
import { toSpend } from './to-spend.ts';
import { toCallerRun, toModelLimits, toRepositoryRef, type WorkPorts } from './work-ports.ts';

const pathsAtMost = 2_000;
const planMs = 5 * 60_000;

export async function runPlan(ports: WorkPorts, held: Held<'plan'>): Promise<PlanOutcome> {
  const { record, action, signal } = held;
  const { run } = record;
  if (!run || run.id !== action.runId || signal.aborted) return { kind: 'stopped' };
  try {
    const input = await readInput(ports, record, run);
    // A pull request is to be looked at, whoever wrote about it.
    if (input.texts.length === 0 && !run.reads?.pull) {
      const { withheld, withheldFrom } = input.report;
      const cause = { kind: 'nothing_admitted', withheld, ...(withheldFrom ? { withheldFrom } : {}) } as const;
      return { kind: 'failed', cause, spend: nothingSpent };
    }
    const veto = await findVeto(ports, 'before-plan', held);
    if (signal.aborted) return { kind: 'stopped' };
    if (veto) return { kind: 'failed', cause: veto, spend: nothingSpent };
    return await plan(ports, held, { run, input });
  } catch (error) {
    const { spend } = held.spent;
    return signal.aborted ? { kind: 'stopped', spend } : { kind: 'failed', cause: toFailure(error), spend };
  }
}

interface Scene {
  readonly run: Run;
  readonly input: Admitted;
}

async function plan(ports: WorkPorts, held: Held<'plan'>, { run, input }: Scene): Promise<PlanOutcome> {
  const { repository, number } = held.record;
  await fetchBranch(ports, repository, run.base.branch);
  const ref = await ensureCommit(ports, repository, { commit: run.base.sha });
  // What is merged of an earlier plan is there already; how a task is carried out is said by the base alone.
  const from = run.integration ?? { commit: run.base.sha };
  const files = await ports.git.listFiles(await ensureCommit(ports, repository, from), from.commit, pathsAtMost);
  const before = toPlanBefore(run);
  const catalog = await loadCatalog(ports, ref, run.base.sha);
  const workflows = listTaskWorkflows(catalog);
  // What is built already is not left behind for a report, whatever the issue is labelled with by now.
  const reading = run.tasks.length === 0 ? listReadingWorkflows(catalog) : [];
  const route = toRoute(run, input, { workflows, reading });
  if (run.reads || reading.some(({ name }) => name === route.workflow))
    return await planReview(ports, held, { run, input, route, reading });
  const prompt = renderPlanPrompt({
    texts: input.texts,
    request: run.request,
    files,
    verify: run.policy.verify,
    workflows,
    maxTasks: run.policy.maxTasks,
    learnings: listLearnings(run),
    denials: renderAllDenials(run),
    notes: await readNotes(ports, repository, run),
    ...(before ? { before } : {}),
  });
  const decided = await ports.model.decide({
    run: toCallerRun(repository, number, run.id),
    role: 'planner',
    models: run.policy.models.planner,
    schema: Plan,
    ...prompt,
    maxOutputTokens: 16_000,
    timeoutMs: planMs,
    signal: held.signal,
    ...(held.action.limits ? { limits: toModelLimits(held.action.limits) } : {}),
    onUsage: (usage) => {
      held.spent.spend = toSpend(usage);
    },
    validate: (value) => {
      const { plan: continued } = continuePlan(value, toEarlier(run));
      const normalised = normalisePlan(continued, toOptions(run));
      const complaints = normalised.kind === 'rejected' ? normalised.complaints.map(renderPlanComplaint) : [];
      return [...complaints, ...findWorkflowComplaints(value, workflows)];
    },
  });
  const exchange = await keepExchange(ports, repository, { ...prompt, decided });
  const spend = toSpend(decided.usage);
  const complaints = findLastingIntrusions(decided, run);
  if (complaints.length > 0) return { kind: 'failed', cause: { kind: 'plan_unusable', complaints }, exchange, spend };
  return toOutcome(ports, {
    ...toBatches(decided, run, input),
    input,
    exchange,
    model: decided.model,
    spend,
    workflows,
    route,
  });
}

interface Review extends Scene {
  readonly route: PlanRoute;
  readonly reading: readonly Workflow[];
}

/** What is to be looked at is said by people: no planner is asked. */
async function planReview(
  ports: WorkPorts,
  { record }: Held<'plan'>,
  { run, input, route, reading }: Review,
): Promise<PlanOutcome> {
  const { workflow } = route;
  if (!reading.some(({ name }) => name === workflow)) {
    const cause = {
      kind: 'resource_missing',
      name: run.workflow ?? workflow,
      why: 'It does not only read by now.',
    } as const;
    return { kind: 'failed', cause, spend: nothingSpent };
  }
  const reads = run.reads ?? { head: run.base.sha };
  const task = toReviewTask({ reads, workflow, texts: input.texts });
  const { key } = toRepositoryRef(ports.github, record.repository);
  const exchange = await ports.artifacts.putText(key, JSON.stringify({ task }, null, 2));
  return {
    kind: 'planned',
    tasks: [task],
    batches: [[reviewKey]],
    conflicted: [],
    blocked: [],
    apart: [],
    adjustments: [],
    notes: '',
    route,
    reads: true,
    hash: ports.hash(JSON.stringify(task)),
    fingerprint: toFingerprint(ports, input.texts),
    input: input.report,
    exchange,
    spend: nothingSpent,
  };
}

interface Batched {
  readonly batches: PlannedBatches;
  readonly relations: readonly Relation[];
  readonly notes: string;
  /** Why the planner's own plan is not what runs. */
  readonly fallback: string | undefined;
}

/** No order of the tasks mends a feature that reaches into what a foundation keeps for itself: one would undo the other. */
function findLastingIntrusions(decided: Decided<Plan>, run: Run): string[] {
  const rejected = decided.kind === 'unusable' ? parseLastPlan(decided.raw, run)?.plan : undefined;
  const normalised = rejected && normalisePlan(rejected, toOptions(run));
  if (normalised?.kind !== 'rejected') return [];
  return normalised.complaints.filter(({ kind }) => kind === 'foundation_not_isolated').map(renderPlanComplaint);
}

/** The plan as given; else its tasks one after the other; else the whole issue as one task. Each step down is told. */
function toBatches(decided: Decided<Plan>, run: Run, input: Admitted): Batched {
  const options = toOptions(run);
  const earlier = toEarlier(run);
  if (decided.kind === 'decided') {
    const { plan: value, adjustments } = continuePlan(decided.value, earlier);
    const normalised = normalisePlan(value, options);
    const { repairs: times } = decided;
    const repaired: PlanAdjustment[] = times > 0 ? [{ kind: 'repaired', times }] : [];
    if (normalised.kind === 'batched')
      return {
        ...value,
        batches: tellMore(normalised.batches, [...repaired, ...adjustments]),
        fallback: undefined,
      };
  }
  const why = decided.kind === 'unusable' ? decided.complaints.join('; ') : 'it was rejected';
  const rejected = decided.kind === 'unusable' ? parseLastPlan(decided.raw, run) : undefined;
  if (rejected && rejected.plan.tasks.length <= run.policy.maxTasks) {
    return {
      ...rejected.plan,
      batches: tellMore(serialisePlan(rejected.plan, earlier.taken), rejected.adjustments),
      fallback: `${why}; its tasks run one after the other`,
    };
  }
  const [issue] = input.texts;
  const whole = fallbackPlan({ title: issue?.title ?? '', body: issue?.text ?? run.request });
  const { plan: single } = continuePlan(whole, earlier);
  const normalised = normalisePlan(single, options);
  return {
    batches: normalised.kind === 'batched' ? normalised.batches : serialisePlan(single, earlier.taken),
    relations: [],
    notes: single.notes,
    fallback: `${why}; the whole issue is one task`,
  };
}

function toOptions(run: Run): PlanOptions {
  return { maxTasks: run.policy.maxTasks, contracts: toEarlier(run).contracts };
}

function parseLastPlan(raw: readonly string[], run: Run): ReturnType<typeof continuePlan> | undefined {
  const last = raw.at(-1);
  if (last === undefined) return undefined;
  try {
    const parsed = Plan.safeParse(JSON.parse(last));
    return parsed.success ? continuePlan(parsed.data, toEarlier(run)) : undefined;
  } catch {
    return undefined;
  }
}

function tellMore(batches: PlannedBatches, adjustments: readonly PlanAdjustment[]): PlannedBatches {
  return { ...batches, adjustments: [...adjustments, ...batches.adjustments] };
}

interface Result extends Batched {
  readonly input: Admitted;
  readonly exchange: string;
  readonly model: ChainUse;
  readonly spend: Spend;
  readonly workflows: readonly Workflow[];
  readonly route: PlanRoute;
}

interface Workflows {
  /** Those in which somebody may change files. */
  readonly workflows: readonly Workflow[];
  readonly reading: readonly Workflow[];
}

function toRoute(run: Run, { texts, labels }: Admitted, { workflows, reading }: Workflows): PlanRoute {
  const [issue] = texts;
  const text = texts.map((entry) => entry.text).join('\n');
  return chooseWorkflow({ named: run.workflow, labels, title: issue?.title ?? '', text }, workflows, reading);
}

/** What was named for the run counts for every task of it; else what the planner says for one, else what was chosen. */
function toTaskWorkflow(task: PlanTask, { route, workflows }: Pick<Result, 'route' | 'workflows'>): string {
  if (route.by === 'named') return route.workflow;
  // A name that leads nowhere was complained about; a plan that keeps it is carried out without it.
  return workflows.find(({ name }) => name === task.workflow)?.name ?? route.workflow;
}

function toOutcome(
  ports: WorkPorts,
  { batches, relations, notes, fallback, input, exchange, model, spend, workflows, route }: Result,
): PlanOutcome {
  const tasks = batches.tasks.map((task) => ({
    key: task.key,
    title: task.title,
    prompt: task.prompt,
    role: task.role,
    dependsOn: [...task.dependsOn],
    ownedPaths: [...task.ownedPaths],
    contracts: [...task.contracts],
    acceptance: task.acceptance.map((item): AcceptanceItem => ({ ...item })),
    workflow: toTaskWorkflow(task, { route, workflows }),
  }));
  return PlanOutcome.parse({
    kind: 'planned',
    tasks,
    batches: batches.batches,
    conflicted: batches.conflicted.map((conflict) => ({
      key: conflict.task,
      with: conflict.with.map(({ task }) => task).join(', '),
      why: conflict.with.map(({ why }) => why).join(' '),
    })),
    blocked: batches.blocked.map(({ task, on }) => ({ key: task, on })),
    apart: batches.apart,
    relations: relations.flatMap(toTaskRelation),
    adjustments: batches.adjustments.map(renderPlanAdjustment),
    notes,
    route,
    ...(fallback === undefined ? {} : { fallback: fallback.slice(0, 1_000) }),
    hash: ports.hash(JSON.stringify([tasks, batches.batches])),
    fingerprint: toFingerprint(ports, input.texts),
    input: input.report,
    exchange,
    model,
    spend,
  });
}

/** What the order of the tasks and their batches do not show by themselves. */
function toTaskRelation({ a, b, kind }: Relation): TaskRelation[] {
  return kind === 'independent' || kind === 'dependent' ? [] : [{ a, b, kind }];
}
