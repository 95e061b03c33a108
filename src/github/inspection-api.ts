import type { InspectionPort, RequiredCheck } from '../engine/port/inspection.ts';
import { call, callOrAbsent } from './call.ts';
import { createDeliveryLog } from './delivery-api.ts';
import { type AppIdentity, createOctokitPool } from './octokit-pool.ts';
import { createScheduleApi } from './schedule-api.ts';

export function createInspection(identity: AppIdentity, host: string): InspectionPort {
  const pool = createOctokitPool(identity);
  const { app } = pool;
  const schedules = createScheduleApi(identity, host);
  return {
    async readApp() {
      const { data } = await call('read the App', () => app.rest.apps.getAuthenticated());
      return { slug: data?.slug ?? '', permissions: { ...data?.permissions }, events: data?.events ?? [] };
    },

    async readWebhookUrl() {
      const { data } = await call("read the App's webhook", () => app.rest.apps.getWebhookConfigForApp());
      return data.url ?? '';
    },

    readDeliveries: () => createDeliveryLog(identity).list(),

    async listInstallations() {
      const all = await call('list the installations', () =>
        app.paginate(app.rest.apps.listInstallations, { per_page: 100 }),
      );
      return all.map(({ id, account, suspended_at, permissions, events }) => ({
        id,
        account: account !== null && 'login' in account ? account.login : 'ghost',
        isSuspended: suspended_at !== null,
        permissions: { ...permissions },
        events,
      }));
    },

    listRepositories: (installationId) => schedules.listRepositories(installationId),

    async listRequiredChecks(repository, branch) {
      const { owner, name: repo } = repository;
      const octokit = pool.of(repository);
      const rules = await callOrAbsent('read the rules of a branch', () =>
        octokit.rest.repos.getBranchRules({ owner, repo, branch, per_page: 100 }),
      );
      const ofRulesets = (rules?.data ?? []).flatMap((rule) =>
        rule.type === 'required_status_checks' ? (rule.parameters?.required_status_checks ?? []) : [],
      );
      const { data } = await call('read a branch', () => octokit.rest.repos.getBranch({ owner, repo, branch }));
      const { enabled, required_status_checks: classic } = data.protection;
      const isClassic = enabled === true && classic?.enforcement_level !== 'off';
      return [
        ...ofRulesets.map(({ context, integration_id }) => toRequired(context, integration_id)),
        ...(isClassic ? (classic?.checks ?? []) : []).map(({ context, app_id }) => toRequired(context, app_id)),
      ];
    },
  };
}

/** GitHub says -1, null or nothing where any source will do. */
function toRequired(name: string, appId: number | null | undefined): RequiredCheck {
  return { name, appId: appId !== null && appId !== undefined && appId > 0 ? appId : undefined };
}
