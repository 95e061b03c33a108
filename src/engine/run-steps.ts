// The steps of one attempt's workflow, stage by stage in one workspace: what an earlier step answered is told to later
// ones. Readers get the workspace read-only, and that nothing changed under them is looked at once more.
import type { Cause } from '../core/model/cause.ts';
import type { SessionPhase } from '../core/model/session-phase.ts';
import type { StepReport } from '../core/model/step-report.ts';
import { parseQuestion } from '../core/question/parse-question.ts';
import { orderSteps } from '../core/resource/order-steps.ts';
import type { StepMatter } from '../core/resource/resource.ts';
import { findingsSkill, type StepAnswer } from '../core/review/collect-findings.ts';
import type { Seen } from './capture-workspace.ts';
import type { TurnLimit } from './follow-session.ts';
import { type StepEnd, type StepScene, takeStep } from './take-step.ts';
import type { WorkPorts } from './work-ports.ts';

export interface StepsEnd {
  /** In the order in which they ran. */
  readonly reports: readonly StepReport[];
  /** Everything that they showed while they worked. */
  readonly transcript: string;
  readonly phases: readonly SessionPhase[];
  /** One that may write was ended at its limit of turns; no step came after it. */
  readonly cutShort: TurnLimit | undefined;
  /** What the last one answered. */
  readonly said: string;
  readonly answers: readonly StepAnswer[];
  readonly end:
    | { readonly kind: 'done' }
    | { readonly kind: 'failed'; readonly cause: Cause }
    /** One has to know something of people; no step came after it. */
    | { readonly kind: 'asked'; readonly question: string; readonly otherwise?: string }
    | { readonly kind: 'stopped' };
}

export interface KnownAnswer {
  readonly report: StepReport;
  readonly text: string;
}

interface StepsScene extends Omit<StepScene, 'sharers' | 'outputs'> {
  readonly concurrency: number;
  /** What later steps are shown of an answer; all of it where this is absent. */
  readonly toOutput?: (answer: string) => string;
  /** Whether a step has anything to do, after these answers; every one has where this is absent. */
  readonly isNeeded?: (step: StepMatter, answers: readonly StepAnswer[]) => boolean;
  /** Answers of steps that are over already, by their ids: they are not asked once more. */
  readonly known?: ReadonlyMap<string, KnownAnswer>;
  /** Told of every step as soon as it is done. */
  readonly onDone?: (end: Extract<StepEnd, { kind: 'done' }>) => Promise<void>;
  /** What the workspace holds before the first step. */
  readonly base: string;
  /** What it holds now, compared with that commit. */
  readonly look: (base: string) => Promise<Seen | undefined>;
}

export async function runSteps(ports: WorkPorts, scene: StepsScene): Promise<StepsEnd> {
  const order = orderSteps(scene.workflow.steps);
  if (order.kind === 'cycle') throw new Error(`a workflow in force has a cycle: ${order.ids.join(', ')}`);
  const reports: StepReport[] = [];
  const transcripts: string[] = [];
  const outputs = new Map<string, string>();
  const phases: SessionPhase[] = [];
  const answers: StepAnswer[] = [];
  let said = '';
  let cutShort: TurnLimit | undefined;
  const finish = (end: StepsEnd['end']): StepsEnd => ({
    reports,
    transcript: transcripts.join('\n'),
    phases,
    cutShort,
    said,
    answers,
    end,
  });
  // What readers find; unknown as soon as somebody has written.
  let found: string | undefined = scene.base;
  for (const [at, stage] of order.stages.entries()) {
    const agents = stage.filter((step) => !step.verify && (scene.isNeeded?.(step, answers) ?? true));
    const readers = agents.filter((step) => !isWriter(scene, step));
    const writers = agents.filter((step) => isWriter(scene, step));
    if (readers.length > 0) found ??= (await scene.look(scene.base))?.commit;
    for (const group of [...toGroups(readers, scene.concurrency), ...writers.map((step) => [step])]) {
      const ends = await Promise.all(
        group.map((step) => takeOnce(ports, { ...scene, sharers: group.length, outputs }, step)),
      );
      for (const [index, end] of ends.entries()) {
        const step = group[index];
        if (!step || end.kind === 'stopped') continue;
        reports.push(end.report);
        phases.push(...end.phases);
        if (end.kind === 'done' && isWriter(scene, step)) cutShort = end.cutShort;
        transcripts.push(`step ${step.id}`, end.transcript);
        said = end.text;
        answers.push({
          step: step.id,
          stage: at,
          text: end.text,
          isAsked: end.report.skills?.rendered.includes(findingsSkill) ?? false,
          isCutShort: end.kind === 'done' && end.cutShort !== undefined,
        });
        outputs.set(step.output ?? step.id, scene.toOutput?.(end.text) ?? end.text);
      }
      const end = findFailure(ends) ?? findQuestion(scene, ends);
      if (end) return finish(end);
      if (cutShort) return finish({ kind: 'done' });
      if (found !== undefined && group.at(-1) === readers.at(-1) && readers.some(({ id }) => !scene.known?.has(id))) {
        const now = await scene.look(found);
        const paths = now ? now.paths : ['.'];
        if (paths.length > 0) return finish({ kind: 'failed', cause: { kind: 'scope_violation', paths: [...paths] } });
      }
    }
    if (writers.length > 0) found = undefined;
  }
  return finish({ kind: 'done' });
}

async function takeOnce(ports: WorkPorts, scene: StepsScene & StepScene, step: StepMatter): Promise<StepEnd> {
  const known = scene.known?.get(step.id);
  if (known) return { kind: 'done', ...known, transcript: '', phases: [] };
  const end = await takeStep(ports, scene, step);
  if (end.kind === 'done') await scene.onDone?.(end);
  return end;
}

/** All of a group have ended before it is judged: none is left behind. */
function findFailure(ends: readonly StepEnd[]): StepsEnd['end'] | undefined {
  if (ends.some(({ kind }) => kind === 'stopped')) return { kind: 'stopped' };
  const failed = ends.find((end) => end.kind === 'failed');
  return failed && { kind: 'failed', cause: failed.cause };
}

/** Of several that ask at the same time the first is heard; the others ask again, if that is still open then. */
function findQuestion({ run }: StepsScene, ends: readonly StepEnd[]): StepsEnd['end'] | undefined {
  // What only reads is not told that it may.
  if (run.reads) return undefined;
  const [first] = ends.flatMap((end) => (end.kind === 'done' && !end.cutShort ? (parseQuestion(end.text) ?? []) : []));
  if (first?.kind !== 'unreadable') return first;
  return { kind: 'failed', cause: { kind: 'agent_gave_up', why: `its question cannot be read: ${first.why}` } };
}

function isWriter({ catalog }: StepsScene, { role }: StepMatter): boolean {
  return catalog.agents.get(role ?? '')?.permission === 'write';
}

function toGroups<T>(items: readonly T[], size: number): T[][] {
  const groups: T[][] = [];
  for (let at = 0; at < items.length; at += size) groups.push(items.slice(at, at + size));
  return groups;
}
