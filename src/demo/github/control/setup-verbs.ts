import { randomBytes } from 'node:crypto';
import { createAccount, ensureAccount } from '../action/account.ts';
import type { SetupActions } from '../action/actions.ts';
import { createApp, defaultPermissions, issuePersonToken, subscribableEvents } from '../action/app.ts';
import { changeRepositories, install, ping, uninstall } from '../action/installation.ts';
import { createRepository, fillFromFolder, fillWithCommits, moveRepository } from '../action/repository.ts';
import type { RepositoryCreated } from '../action/setup-input.ts';
import { resolveCommit } from '../git/refs.ts';
import { accountOf, appOf, installationOf, repositoryOf } from '../state/find.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { cloneUrl } from '../view/repository-view.ts';
import { protectBranch } from './protect-branch.ts';

export function createSetupActions(world: World): SetupActions {
  return {
    createApp: async (input) => {
      const owner = ensureAccount(world, { login: input.owner ?? 'octo-owner' });
      const webhookSecret = input.webhookSecret ?? randomBytes(20).toString('hex');
      const app = await createApp(world, {
        name: input.name,
        owner: owner.login,
        permissions: input.permissions ?? defaultPermissions,
        events: input.events ?? subscribableEvents,
        webhookUrl: input.webhookUrl ?? null,
        webhookSecret,
      });
      const { slug, privateKey, clientId, clientSecret } = app;
      return { appId: app.id, slug, privateKey, webhookSecret, clientId, clientSecret };
    },
    setWebhookUrl: async ({ appId, url }) => {
      appOf(world, appId).webhookUrl = url;
    },
    pingApp: async ({ appId }) => ping(world, appOf(world, appId)),
    installApp: async (input) => {
      const app = appOf(world, input.appId);
      if (!Array.isArray(input.repositories)) {
        return { installationId: install(world, app, { account: input.repositories.allOf, repositories: 'all' }).id };
      }
      const repositories = input.repositories.map((name) => repositoryOf(world, name));
      const owners = new Set(repositories.map(({ owner }) => owner));
      const [account] = owners;
      if (owners.size !== 1 || account === undefined) throw new Refusal(422, 'An installation is on one account');
      return { installationId: install(world, app, { account, repositories }).id };
    },
    uninstallApp: async ({ installationId }) => {
      const installation = installationOf(world, installationId);
      uninstall(world, installation, installation.account);
    },
    addToInstallation: async ({ installationId, repository }) =>
      changeRepositories(world, installationOf(world, installationId), { added: repositoryOf(world, repository) }),
    removeFromInstallation: async ({ installationId, repository }) =>
      changeRepositories(world, installationOf(world, installationId), { removed: repositoryOf(world, repository) }),
    createOrganization: async ({ login }) => {
      createAccount(world, { login, kind: 'Organization' });
    },
    createPerson: async ({ roles, ...input }) => {
      const account = createAccount(world, input);
      for (const [name, role] of Object.entries(roles ?? {})) {
        repositoryOf(world, name).roles.set(account.login.toLowerCase(), role);
      }
      return { id: account.id };
    },
    createToken: async ({ login }) => ({ token: issuePersonToken(world, login) }),
    setPermission: async ({ repository, login, role }) => {
      repositoryOf(world, repository).roles.set(accountOf(world, login).login.toLowerCase(), role);
    },
    createRepository: async (input) => {
      const repository = await createRepository(world, {
        fullName: input.repository,
        isPrivate: input.isPrivate ?? false,
        takesDrafts: input.takesDrafts ?? true,
        description: input.description ?? null,
        defaultBranch: input.defaultBranch ?? 'main',
      });
      if ('path' in input.source) await fillFromFolder(repository, input.source.path);
      else await fillWithCommits(world, repository, input.source.commits);
      return describe(world, repository);
    },
    forkRepository: async ({ as, repository: name }) => {
      const parent = repositoryOf(world, name);
      const { isPrivate, takesDrafts, description, defaultBranch } = parent;
      const owner = accountOf(world, as).login;
      const kept = { isPrivate, takesDrafts, description, defaultBranch, parentId: parent.id };
      const fork = await createRepository(world, { fullName: `${owner}/${parent.name}`, ...kept });
      await fillFromFolder(fork, parent.git.folder);
      return describe(world, fork);
    },
    moveRepository: async ({ repository, to }) => moveRepository(world, repositoryOf(world, repository), to),
    protectBranch: async (input) => protectBranch(world, input),
    unprotectBranch: async ({ repository, branch }) => {
      repositoryOf(world, repository).protection.delete(branch);
    },
  };
}

async function describe(world: World, repository: Repository): Promise<RepositoryCreated> {
  const headSha = await resolveCommit(repository.git, `refs/heads/${repository.defaultBranch}`);
  if (headSha === undefined) throw new Refusal(422, `The source has no branch ${repository.defaultBranch}`);
  return { id: repository.id, fullName: repository.fullName, cloneUrl: cloneUrl(world, repository), headSha };
}
