// Check runs and check suites.
import { z } from 'zod';
import { type CheckChange, createCheckRun, rerequestCheck, rerequestSuite, updateCheckRun } from '../action/check.ts';
import { isCommit } from '../git/refs.ts';
import { type CheckRun, type CheckSuite, checkConclusions } from '../state/check.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { annotationView, checkRunView, checkSuiteView } from '../view/check-view.ts';
import type { Call, RepositoryCall } from './call.ts';
import { commitByRef } from './commit-routes.ts';
import { listPage, wrappedPage } from './paginate.ts';
import { type Answer, created, needs, ok, type Route, repositoryRoute } from './route.ts';

/** GitHub's limits: 50 annotations a request, three buttons, 20, 40 and 20 characters. */
const AnnotationBody = z
  .object({
    path: z.string(),
    start_line: z.number().int(),
    end_line: z.number().int(),
    start_column: z.number().int().nullish(),
    end_column: z.number().int().nullish(),
    annotation_level: z.enum(['notice', 'warning', 'failure']),
    message: z.string(),
    title: z.string().nullish(),
    raw_details: z.string().nullish(),
  })
  .transform((one) => ({
    path: one.path,
    startLine: one.start_line,
    endLine: one.end_line,
    startColumn: one.start_column ?? null,
    endColumn: one.end_column ?? null,
    level: one.annotation_level,
    title: one.title ?? null,
    message: one.message,
    rawDetails: one.raw_details ?? null,
  }));

const OutputBody = z.object({
  title: z.string().optional(),
  summary: z.string(),
  text: z.string().optional(),
  annotations: z.array(AnnotationBody).max(50).default([]),
});

const ChangeBody = z.object({
  name: z.string().optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z.enum(checkConclusions).optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: OutputBody.optional(),
  actions: z
    .array(z.object({ label: z.string().max(20), description: z.string().max(40), identifier: z.string().max(20) }))
    .max(3)
    .optional(),
});

const CreateBody = z.object({ ...ChangeBody.shape, name: z.string(), head_sha: z.string() });

function changeOf(body: z.output<typeof ChangeBody>): CheckChange {
  const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  const { output } = body;
  return {
    name: body.name,
    externalId: body.external_id,
    detailsUrl: body.details_url,
    status: body.status,
    conclusion: body.conclusion,
    startedAt: time(body.started_at),
    completedAt: time(body.completed_at),
    output: output && { ...output, title: output.title ?? null, text: output.text ?? null },
    actions: body.actions,
  };
}

/** Only Apps can write checks. */
function appIdOf(call: Call): number {
  if (call.caller.kind === 'installation') return call.caller.app.id;
  throw new Refusal(403, 'You must authenticate via a GitHub App.');
}

async function postRun({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const appId = appIdOf(call);
  const { head_sha: headSha, ...body } = call.read(CreateBody);
  if (!(await isCommit(repository.git, headSha))) throw new Refusal(422, `No commit found for SHA: ${headSha}`);
  const change = changeOf(body);
  const run = await createCheckRun(world, repository, { actor: call.actor, appId, headSha, name: body.name, change });
  return created(await checkRunView(world, repository, run));
}

function callRun({ call, repository }: RepositoryCall): CheckRun {
  const run = repository.checkRuns.get(call.number('check_run_id'));
  if (!run) throw notFound();
  return run;
}

/** A run of another App is out of reach. */
function callOwnRun(of: RepositoryCall): CheckRun {
  const run = callRun(of);
  if (run.appId !== appIdOf(of.call))
    throw new Refusal(403, 'Invalid app_id: check run can only be modified by the GitHub App that created it.');
  return run;
}

async function patchRun(of: RepositoryCall): Promise<Answer> {
  const { call, world, repository } = of;
  const run = callOwnRun(of);
  await updateCheckRun(world, repository, { actor: call.actor, run, change: changeOf(call.read(ChangeBody)) });
  return ok(await checkRunView(world, repository, run));
}

/** Newest first. `latest` keeps the newest run of each name of each App. */
function listRuns(of: RepositoryCall, fits: (run: CheckRun) => boolean): Promise<Answer> {
  const { call, world, repository } = of;
  const { query } = call;
  const wanted = (key: string, value: string) => query.get(key) === null || query.get(key) === value;
  const runs = [...repository.checkRuns.values()]
    .toReversed()
    .filter((run) => fits(run) && world.isListed(run.startedAt))
    .filter((run) => wanted('check_name', run.name) && wanted('status', run.status))
    .filter((run) => wanted('app_id', String(run.appId)));
  const newest = (run: CheckRun) => runs.find((one) => one.name === run.name && one.appId === run.appId) === run;
  const items = query.get('filter') === 'all' ? runs : runs.filter(newest);
  return wrappedPage(call, { name: 'check_runs', items, view: (run) => checkRunView(world, repository, run) });
}

function callSuite({ call, repository }: RepositoryCall): CheckSuite {
  const suite = repository.checkSuites.get(call.number('check_suite_id'));
  if (!suite) throw notFound();
  return suite;
}

async function listSuites({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const sha = await commitByRef(repository, call.parameter('ref'));
  const appId = call.query.get('app_id');
  const items = suitesOn(repository, sha).filter((suite) => appId === null || String(suite.appId) === appId);
  return wrappedPage(call, { name: 'check_suites', items, view: (suite) => checkSuiteView(world, repository, suite) });
}

function suitesOn(repository: Repository, sha: string): readonly CheckSuite[] {
  return [...repository.checkSuites.values()].filter((suite) => suite.headSha === sha);
}

export const checkRoutes: readonly Route[] = [
  repositoryRoute('POST /check-runs', needs.writeChecks, postRun),
  repositoryRoute('GET /check-runs/{check_run_id}', needs.readChecks, async (of) =>
    ok(await checkRunView(of.world, of.repository, callRun(of))),
  ),
  repositoryRoute('PATCH /check-runs/{check_run_id}', needs.writeChecks, patchRun),
  repositoryRoute('GET /check-runs/{check_run_id}/annotations', needs.readChecks, (of) => {
    const run = callRun(of);
    return listPage(of.call, run.annotations, (annotation) =>
      annotationView(of.world, of.repository, { run, annotation }),
    );
  }),
  repositoryRoute('POST /check-runs/{check_run_id}/rerequest', needs.writeChecks, async (of) => {
    await rerequestCheck(of.world, of.repository, { actor: of.call.actor, run: callRun(of) });
    return created({});
  }),
  repositoryRoute('GET /commits/{ref}/check-runs', needs.readChecks, async (of) => {
    const sha = await commitByRef(of.repository, of.call.parameter('ref'));
    return listRuns(of, (run) => run.headSha === sha);
  }),
  repositoryRoute('GET /commits/{ref}/check-suites', needs.readChecks, listSuites),
  repositoryRoute('GET /check-suites/{check_suite_id}', needs.readChecks, async (of) =>
    ok(await checkSuiteView(of.world, of.repository, callSuite(of))),
  ),
  repositoryRoute('GET /check-suites/{check_suite_id}/check-runs', needs.readChecks, (of) => {
    const suite = callSuite(of);
    return listRuns(of, (run) => run.suiteId === suite.id);
  }),
  repositoryRoute('POST /check-suites/{check_suite_id}/rerequest', needs.writeChecks, async (of) => {
    await rerequestSuite(of.world, of.repository, { actor: of.call.actor, suiteId: callSuite(of).id });
    return created({});
  }),
];
