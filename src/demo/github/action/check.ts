// Check runs. A run belongs to a commit and to the App that made it; nobody else can change it.
import type { Actor } from '../state/actor.ts';
import type { Annotation, CheckAction, CheckConclusion, CheckRun, CheckStatus } from '../state/check.ts';
import { invalid, notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { checkRunView, simpleSuiteView } from '../view/check-view.ts';
import { emit } from '../webhook/emit.ts';
import { emitSuite, ensureSuite } from './check-suite.ts';
import { suiteOutcome } from './suite-outcome.ts';

export interface CheckChange {
  readonly name?: string | undefined;
  readonly externalId?: string | undefined;
  readonly detailsUrl?: string | undefined;
  readonly status?: CheckStatus | undefined;
  readonly conclusion?: CheckConclusion | undefined;
  readonly startedAt?: number | undefined;
  readonly completedAt?: number | undefined;
  /** Replaces title, summary and text as a whole; annotations are added. */
  readonly output?:
    | { title: string | null; summary: string | null; text: string | null; annotations: readonly Annotation[] }
    | undefined;
  readonly actions?: readonly CheckAction[] | undefined;
}

const maxOutputCharacters = 65_535;

export async function createCheckRun(
  world: World,
  repository: Repository,
  of: { actor: Actor; appId: number; headSha: string; name: string; change: CheckChange },
): Promise<CheckRun> {
  const { suite } = ensureSuite(world, repository, {
    appId: of.appId,
    sha: of.headSha,
    branch: null,
    before: undefined,
  });
  const run: CheckRun = {
    id: world.nextId(),
    appId: of.appId,
    suiteId: suite.id,
    headSha: of.headSha,
    name: of.name,
    externalId: '',
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    startedAt: world.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  applyChange(world, run, of.change);
  repository.checkRuns.set(run.id, run);
  suite.updatedAt = world.now();
  await emitRun(world, repository, { actor: of.actor, run, action: 'created' });
  await announceCompletion(world, repository, { actor: of.actor, run, wasCompleted: false });
  return run;
}

export async function updateCheckRun(
  world: World,
  repository: Repository,
  of: { actor: Actor; run: CheckRun; change: CheckChange },
): Promise<void> {
  const wasCompleted = of.run.status === 'completed';
  applyChange(world, of.run, of.change);
  await announceCompletion(world, repository, { actor: of.actor, run: of.run, wasCompleted });
}

function applyChange(world: World, run: CheckRun, change: CheckChange): void {
  const { output } = change;
  if ((output?.summary?.length ?? 0) > maxOutputCharacters || (output?.text?.length ?? 0) > maxOutputCharacters) {
    throw invalid({
      resource: 'CheckRun',
      field: 'output',
      code: 'custom',
      message: 'Only 65535 characters are allowed',
    });
  }
  if (change.status === 'completed' && change.conclusion === undefined) {
    throw invalid({ resource: 'CheckRun', field: 'conclusion', code: 'missing_field' });
  }
  run.name = change.name ?? run.name;
  run.externalId = change.externalId ?? run.externalId;
  run.detailsUrl = change.detailsUrl ?? run.detailsUrl;
  run.startedAt = change.startedAt ?? run.startedAt;
  run.actions = change.actions ?? run.actions;
  // A conclusion, or a time of completion, makes the run completed whatever status was sent.
  const status = change.conclusion === undefined ? change.status : 'completed';
  if (status === 'completed') {
    run.status = 'completed';
    run.conclusion = change.conclusion ?? run.conclusion;
    run.completedAt = change.completedAt ?? world.now();
  } else if (status !== undefined) {
    run.status = status;
    run.conclusion = null;
    run.completedAt = null;
  }
  if (!output) return;
  run.output = { title: output.title, summary: output.summary, text: output.text };
  run.annotations.push(...output.annotations);
}

async function announceCompletion(
  world: World,
  repository: Repository,
  { actor, run, wasCompleted }: { actor: Actor; run: CheckRun; wasCompleted: boolean },
): Promise<void> {
  if (run.status !== 'completed' || wasCompleted) return;
  await emitRun(world, repository, { actor, run, action: 'completed' });
  await world.followQueues(repository);
  const suite = repository.checkSuites.get(run.suiteId);
  if (suite && suiteOutcome(repository, suite).status === 'completed') {
    await emitSuite(world, repository, { actor, suite, action: 'completed' });
  }
}

/** A click on one of the run's buttons. Only the App that made the run hears of it. */
export async function requestCheckAction(
  world: World,
  repository: Repository,
  of: { actor: Actor; run: CheckRun; identifier: string },
): Promise<void> {
  if (!of.run.actions.some((action) => action.identifier === of.identifier)) {
    throw new Refusal(422, `The check has no button "${of.identifier}"`);
  }
  await emitRun(world, repository, {
    ...of,
    action: 'requested_action',
    extra: { requested_action: { identifier: of.identifier } },
  });
}

/** The run itself stays as it is: making it run again, and saying so, is the App's business. */
export async function rerequestCheck(
  world: World,
  repository: Repository,
  of: { actor: Actor; run: CheckRun },
): Promise<void> {
  await emitRun(world, repository, { ...of, action: 'rerequested' });
}

export async function rerequestSuite(
  world: World,
  repository: Repository,
  of: { actor: Actor; suiteId: number },
): Promise<void> {
  const suite = repository.checkSuites.get(of.suiteId);
  if (!suite) throw notFound();
  await emitSuite(world, repository, { actor: of.actor, suite, action: 'rerequested' });
}

async function emitRun(
  world: World,
  repository: Repository,
  of: { actor: Actor; run: CheckRun; action: string; extra?: Readonly<Record<string, unknown>> },
): Promise<void> {
  const suite = repository.checkSuites.get(of.run.suiteId);
  if (!suite) throw new Error(`check run ${of.run.id} has no suite`);
  const view = await checkRunView(world, repository, of.run);
  const payload = { check_run: { ...view, check_suite: await simpleSuiteView(world, repository, suite) }, ...of.extra };
  const only = of.action === 'created' || of.action === 'completed' ? {} : { onlyAppId: of.run.appId };
  emit(world, repository, { event: 'check_run', action: of.action, actor: of.actor, payload, ...only });
}
