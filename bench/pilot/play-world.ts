// Plays one world under one arm: the real decisions, boundaries, prompts and validation of the engine, on a world in which
// agents and merges are scripted and time is counted and not waited for.
import type { PlanOutcome } from '../../src/core/model/plan-outcome.ts';
import type { IntegrationOutcome, PilotOutcome } from '../../src/core/model/result.ts';
import type { Run, Task } from '../../src/core/model/run.ts';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { placeTasks } from '../../src/core/plan/place-tasks.ts';
import { renderAttemptPrompt } from '../../src/core/prompt/render-attempt-prompt.ts';
import { fence } from '../../src/core/sanitise/fence.ts';
import type { ModelPort } from '../../src/engine/port/model.ts';
import { runPilot } from '../../src/engine/run-pilot.ts';
import { type Holder, type toResult, WorldOfDecisions } from '../../test/support/world-of-decisions.ts';
import { attempt, command } from './agent.ts';
import { type Measured, measure } from './measure.ts';
import { openPorts } from './ports.ts';
import { pathOf, type World, type WorldTask } from './world.ts';

export interface Arm {
  readonly name: string;
  readonly model?: ModelPort;
  readonly isPilotEnabled: boolean;
  /** Every log of the others stands in every prompt. */
  readonly isRaw?: boolean;
}

export interface Witness {
  /** Every prompt of an agent. */
  readonly prompts: { readonly task: string; readonly text: string; readonly guidance: string | undefined }[];
  readonly run: Run;
  readonly microUsdOfPilot: number;
  readonly pilotRequests: number;
  readonly ms: number;
}

const minuteMs = 60_000;
const stepsAtMost = 500;

interface Stage {
  readonly world: World;
  readonly arm: Arm;
  readonly decisions: WorldOfDecisions;
  readonly shelf: Map<string, string>;
  readonly prompts: Witness['prompts'];
  readonly working: { holder: Holder; endsAt: number; outcome: Parameters<typeof toResult>[1] }[];
  microUsdOfPilot: number;
  pilotRequests: number;
}

export async function playWorld(world: World, arm: Arm): Promise<Measured> {
  const decisions = new WorldOfDecisions();
  const stage: Stage = {
    ...{ world, arm, decisions, shelf: new Map(), prompts: [], working: [], microUsdOfPilot: 0, pilotRequests: 0 },
  };
  begin(stage);
  const startedAt = decisions.now;
  for (let step = 0; decisions.run.state.kind === 'executing'; step += 1) {
    if (step > stepsAtMost) throw new Error(`${world.name} does not end`);
    await go(stage);
  }
  const { prompts, microUsdOfPilot, pilotRequests } = stage;
  const witness: Witness = {
    prompts,
    run: decisions.run,
    microUsdOfPilot,
    pilotRequests,
    ms: decisions.now - startedAt,
  };
  return measure(world, arm.name, witness);
}

function begin({ world, arm, decisions }: Stage): void {
  const policyText = [
    `verify: { commands: ['${command}'], baseline: false }`,
    `max_attempts: ${world.maxAttempts ?? 3}`,
    `pilot: { enabled: ${arm.isPilotEnabled} }`,
  ].join('\n');
  decisions.facts = { defaultBranch: 'main', baseSha: 'b'.repeat(40), policyText };
  const actor = { id: 1, login: 'mona', kind: 'person' } as const;
  const about = { thread: 1, isPullRequest: false, title: world.name, association: 'MEMBER' };
  decisions.put({ kind: 'commented', commentId: 1, body: '/pilot run', actor, ...about }).settle();
  decisions.finish('plan', toPlan(world));
}

export function toPlan({ tasks }: World): Extract<PlanOutcome, { kind: 'planned' }> {
  const planned = tasks.map((task) => ({
    ...{ key: task.key, title: task.title, prompt: task.prompt, role: 'feature' as const },
    dependsOn: [...(task.dependsOn ?? [])],
    ownedPaths: [pathOf(task)],
    contracts: [],
    // What is judged here is what an agent was told, and its scripted check says whether that was enough.
    acceptance: [],
  }));
  return {
    kind: 'planned',
    tasks: planned,
    batches: placeTasks(planned, []),
    ...{
      conflicted: [],
      blocked: [],
      apart: [],
      adjustments: [],
      notes: 'A plan.',
      hash: 'plan',
      exchange: 'exchange',
    },
    input: { admitted: 1, withheld: 0, stripped: 0 },
    spend: { inputTokens: 0, outputTokens: 0, microUsd: 0 },
  };
}

/** Whatever can begin begins; then time goes on to what ends first. */
async function go(stage: Stage): Promise<void> {
  const { decisions, working } = stage;
  const open = decisions.listOpen().find(({ action }) => ['attempt', 'integrate', 'pilot'].includes(action.kind));
  if (open) return await start(stage, decisions.begin(open.action.id));
  const [first] = working.toSorted((a, b) => a.endsAt - b.endsAt);
  if (!first) throw new Error(`nothing works: ${JSON.stringify(decisions.outbox)}`);
  working.splice(working.indexOf(first), 1);
  decisions.pass(Math.max(0, first.endsAt - decisions.now));
  decisions.report(first.holder, first.outcome);
}

async function start(stage: Stage, holder: Holder): Promise<void> {
  const { decisions, working, world } = stage;
  const { action } = holder;
  if (action.kind === 'attempt') {
    const task = world.tasks.find(({ key }) => key === action.task);
    const planned = decisions.run.tasks.find(({ key }) => key === action.task);
    if (!task || !planned) throw new Error(`no task ${action.task}`);
    const outcome = await tryTask(stage, { task, planned, number: action.number });
    working.push({ holder, endsAt: decisions.now + (task.minutes ?? 6) * minuteMs, outcome });
  } else if (action.kind === 'integrate') {
    const landed = action.contributions.map(({ task }) => task);
    const commit = `c${decisions.next()}`.padEnd(40, '0');
    const outcome: IntegrationOutcome = {
      ...{ kind: 'integrated', commit, tree: commit, bundle: 'b' },
      ...{ landed, failed: [], rolledBack: [] },
    };
    working.push({ holder, endsAt: decisions.now + minuteMs, outcome });
  } else {
    const outcome = await askPilot(stage, holder);
    working.push({ holder, endsAt: decisions.now + 20_000, outcome });
  }
}

async function tryTask(stage: Stage, { task, planned, number }: { task: WorldTask; planned: Task; number: number }) {
  const { world, arm, decisions, shelf, prompts } = stage;
  const keep = (log: string) => keepText(shelf, log);
  const own = renderAttemptPrompt(decisions.run, planned);
  const prompt = arm.isRaw ? `${own}${renderRawLogs(decisions.run, planned, shelf)}` : own;
  prompts.push({ task: task.key, text: prompt, guidance: planned.guidance });
  return await attempt({ world, task, number, prompt, keep });
}

/** What everybody is told where nobody chooses: all that the others left behind, whole. */
function renderRawLogs(run: Run, own: Task, shelf: ReadonlyMap<string, string>): string {
  const logs = run.tasks
    .filter(({ key }) => key !== own.key)
    .flatMap(({ key, attempts }) =>
      attempts.flatMap(({ number, cause }) =>
        (cause && 'failures' in cause ? cause.failures : []).map(
          ({ log = '' }) => `Attempt ${number} of ${key}:\n${fence(shelf.get(log) ?? '')}`,
        ),
      ),
    );
  return logs.length === 0 ? '' : `\n\n# Logs of other tasks\n\n${logs.join('\n\n')}`;
}

function keepText(shelf: Map<string, string>, text: string): Promise<string> {
  const known = [...shelf].find(([, kept]) => kept === text)?.[0];
  const id = known ?? `artifact-${shelf.size}`;
  shelf.set(id, text);
  return Promise.resolve(id);
}

async function askPilot(stage: Stage, { action, token }: Holder): Promise<PilotOutcome> {
  const { arm, decisions, shelf } = stage;
  if (action.kind !== 'pilot') throw new Error(`nobody here does "${action.kind}"`);
  if (!arm.model) throw new Error(`${arm.name} has no model to ask`);
  const spent = { spend: { inputTokens: 0, outputTokens: 0, microUsd: 0 } };
  const subject = toSubjectId('github.test', 7, 1);
  const record = structuredClone(decisions.record);
  const signal = new AbortController().signal;
  const ports = openPorts({
    model: arm.model,
    decisions,
    keep: (text) => keepText(shelf, text),
    read: (id) => shelf.get(id),
  });
  const held = {
    subject,
    action,
    token,
    record,
    isSettling: false,
    spent,
    signal,
    stillHolds: () => true,
    mayBeReplaced: () => true,
    isStillWanted: async () => true,
    inform: async () => undefined,
  };
  const outcome = await runPilot(ports, held);
  if (outcome.spend) stage.microUsdOfPilot += outcome.spend.microUsd;
  stage.pilotRequests += 1;
  return outcome;
}
