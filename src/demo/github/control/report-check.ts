// Stands for any other App that writes checks, such as a CI service. It is made when it is first needed, is installed
// nowhere and hears of nothing.
import { ensureAccount } from '../action/account.ts';
import { createApp } from '../action/app.ts';
import { type CheckChange, createCheckRun, updateCheckRun } from '../action/check.ts';
import type { ReportCheck } from '../action/person-input.ts';
import { isCommit } from '../git/refs.ts';
import type { App } from '../state/app.ts';
import type { Annotation } from '../state/check.ts';
import { repositoryOf } from '../state/find.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';

async function ciApp(world: World, name: string): Promise<App> {
  const old = [...world.apps.values()].find((app) => app.name === name);
  if (old) return old;
  const owner = ensureAccount(world, { login: 'ci-service' }).login;
  return createApp(world, {
    name,
    owner,
    permissions: { checks: 'write' },
    events: [],
    webhookUrl: null,
    webhookSecret: null,
  });
}

function toAnnotation({ path, line, message }: NonNullable<ReportCheck['annotations']>[number]): Annotation {
  const nowhere = { startColumn: null, endColumn: null, title: null, rawDetails: null };
  return { path, startLine: line, endLine: line, level: 'failure', message, ...nowhere };
}

export async function reportCheck(world: World, input: ReportCheck): Promise<{ checkRunId: number }> {
  const repository = repositoryOf(world, input.repository);
  if (!(await isCommit(repository.git, input.sha))) throw new Refusal(422, `No commit found for SHA: ${input.sha}`);
  const app = await ciApp(world, input.app ?? 'ci');
  const actor = { login: `${app.slug}[bot]`, viaAppId: app.id };
  const change: CheckChange = {
    status: input.conclusion === undefined ? 'in_progress' : 'completed',
    conclusion: input.conclusion,
    detailsUrl: input.detailsUrl,
    output: {
      title: input.title ?? input.name,
      summary: input.summary ?? '',
      text: input.text ?? null,
      annotations: (input.annotations ?? []).map(toAnnotation),
    },
  };
  const old = [...repository.checkRuns.values()].findLast(
    (run) => run.appId === app.id && run.headSha === input.sha && run.name === input.name,
  );
  if (old) {
    await updateCheckRun(world, repository, { actor, run: old, change });
    return { checkRunId: old.id };
  }
  const { sha: headSha, name } = input;
  const run = await createCheckRun(world, repository, { actor, appId: app.id, headSha, name, change });
  return { checkRunId: run.id };
}
