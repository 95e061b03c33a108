import type { InstallationPort } from '../engine/port/installation.ts';
import { type AppIdentity, createOctokitPool } from './octokit-pool.ts';
import { statusOf, toExternalError } from './to-external-error.ts';

export function createInstallationApi(identity: AppIdentity): InstallationPort {
  const { app } = createOctokitPool(identity);
  return {
    async covers(installationId, repositoryId) {
      try {
        // A token for this repository alone is refused with 422 when it is none of the installation's.
        await app.rest.apps.createInstallationAccessToken({
          installation_id: installationId,
          repository_ids: [repositoryId],
          permissions: { metadata: 'read' },
        });
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === 404 || status === 422) return false;
        const failure = toExternalError(error, 'ask what an installation covers', Date.now());
        // 403 for good is a suspension, and that takes away nothing.
        if (status === 403 && failure.retry === 'never') return true;
        throw failure;
      }
    },
  };
}
