import type { RestEndpointMethodTypes } from '@octokit/rest';
import { workflowsApp } from '../core/model/held-ci.ts';
import type { Annotation, CheckFacts, CheckView, GitHubPort } from '../engine/port/github.ts';
import { call, callOnKnown, callOrAbsent, callOrNotAllowed } from './call.ts';
import { listFailedChecks } from './list-failed-checks.ts';
import type { OctokitPool } from './octokit-pool.ts';

type CheckApi = Pick<
  GitHubPort,
  'listChecks' | 'listFailedChecks' | 'listHeldCi' | 'readCheck' | 'createCheck' | 'updateCheck'
>;
type CheckData = RestEndpointMethodTypes['checks']['listForRef']['response']['data']['check_runs'][number];

export function createCheckApi(pool: OctokitPool): CheckApi {
  return {
    async listChecks(repository, headSha) {
      const { owner, name: repo } = repository;
      const { data } = await call('list checks', () =>
        pool
          .of(repository)
          .rest.checks.listForRef({ owner, repo, ref: headSha, app_id: pool.appId, filter: 'all', per_page: 100 }),
      );
      return data.check_runs.map(toFacts);
    },

    listFailedChecks: (repository, headSha) => listFailedChecks(pool, repository, headSha),

    async listHeldCi(repository, headSha) {
      const { owner, name: repo } = repository;
      const answer = await callOrNotAllowed('list check suites', () =>
        pool.of(repository).rest.checks.listSuitesForRef({ owner, repo, ref: headSha, per_page: 100 }),
      );
      const held = (answer?.data.check_suites ?? []).flatMap(({ conclusion, app }) =>
        conclusion === 'action_required' && app && app.id !== pool.appId ? [app] : [],
      );
      const apps = [...new Set(held.map(({ name }) => name))].sort();
      return { apps, runs: held.filter(({ slug }) => slug === workflowsApp).length };
    },

    async readCheck(repository, id) {
      const { owner, name: repo } = repository;
      const answer = await callOrAbsent('read a check', () =>
        pool.of(repository).rest.checks.get({ owner, repo, check_run_id: id }),
      );
      return answer && toFacts(answer.data);
    },

    async createCheck(repository, check) {
      const { owner, name: repo } = repository;
      const { data } = await call('create a check', () =>
        pool
          .of(repository)
          .rest.checks.create({ owner, repo, name: check.name, head_sha: check.headSha, ...toBody(check) }),
      );
      return data.id;
    },

    async updateCheck(repository, id, check) {
      const { owner, name: repo } = repository;
      await callOnKnown('update a check', () =>
        pool.of(repository).rest.checks.update({ owner, repo, check_run_id: id, ...toBody(check) }),
      );
    },
  };
}

function toBody(check: CheckView) {
  const { annotations = [] } = check;
  const output = {
    title: check.title,
    summary: check.summary,
    ...(check.text === undefined ? {} : { text: check.text }),
    ...(annotations.length === 0 ? {} : { annotations: annotations.map(toAnnotation) }),
  };
  const actions = check.actions.map((action) => ({ ...action }));
  const state =
    check.state.kind === 'completed'
      ? { status: 'completed' as const, conclusion: check.state.conclusion }
      : { status: check.state.kind };
  return { external_id: check.externalId, output, actions, ...state };
}

function toAnnotation({ path, line, message }: Annotation) {
  return { path, start_line: line, end_line: line, annotation_level: 'failure' as const, message };
}

const conclusions = ['success', 'failure', 'action_required', 'timed_out', 'cancelled'] as const;

function toFacts(check: CheckData): CheckFacts {
  return {
    id: check.id,
    name: check.name,
    headSha: check.head_sha,
    externalId: check.external_id ?? '',
    state: toState(check),
    title: check.output.title ?? '',
    summary: check.output.summary ?? '',
    actions: [],
    annotationCount: check.output.annotations_count,
  };
}

function toState(check: CheckData): CheckFacts['state'] {
  if (check.status !== 'completed') return { kind: check.status === 'in_progress' ? 'in_progress' : 'queued' };
  return { kind: 'completed', conclusion: conclusions.find((known) => known === check.conclusion) ?? 'failure' };
}
