import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { InstallationPort } from '../engine/port/installation.ts';
import { call } from './call.ts';
import { type AppIdentity, createOctokitPool } from './octokit-pool.ts';
import { answeredStatusOf, toExternalError } from './to-external-error.ts';

type Token = RestEndpointMethodTypes['apps']['createInstallationAccessToken']['response']['data'];

export function createInstallationApi(identity: AppIdentity): InstallationPort {
  const { app } = createOctokitPool(identity);
  /** A token for this repository alone is refused with 422 when it is none of the installation's. */
  const ask = async (installationId: number, repositoryId: number): Promise<Token | 'suspended' | undefined> => {
    try {
      const { data } = await app.rest.apps.createInstallationAccessToken({
        installation_id: installationId,
        repository_ids: [repositoryId],
        permissions: { metadata: 'read' },
      });
      return data;
    } catch (error) {
      const status = answeredStatusOf(error);
      if (status === 404 || status === 422) return undefined;
      const failure = toExternalError(error, 'ask what an installation covers', Date.now());
      // 403 for good is a suspension, and that takes away nothing.
      if (status === 403 && failure.retry === 'never') return 'suspended';
      throw failure;
    }
  };
  return {
    covers: async (installationId, repositoryId) => (await ask(installationId, repositoryId)) !== undefined,

    async findHome(repositoryId) {
      const installations = await call('list the installations', () =>
        app.paginate(app.rest.apps.listInstallations, { per_page: 100 }),
      );
      let failure: unknown;
      for (const { id: installationId, suspended_at } of installations) {
        if (suspended_at !== null) continue;
        try {
          const token = await ask(installationId, repositoryId);
          const found = token === 'suspended' ? undefined : token?.repositories?.find(({ id }) => id === repositoryId);
          if (found) return { installationId, owner: found.owner.login, name: found.name };
        } catch (error) {
          failure = error;
        }
      }
      // One that could not be asked may have it.
      if (failure !== undefined) throw failure;
      return undefined;
    },
  };
}
