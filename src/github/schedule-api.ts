import type { Octokit } from '@octokit/rest';
import type { InstalledRepository, OwnIssue, SchedulePort } from '../engine/port/schedule.ts';
import { isOurLogin, readSlug } from './app-slug.ts';
import { call } from './call.ts';
import { type AppIdentity, createOctokitPool } from './octokit-pool.ts';

type IssueData = Awaited<ReturnType<Octokit['rest']['issues']['listForRepo']>>['data'][number];

export function createScheduleApi(identity: AppIdentity, host: string): SchedulePort {
  const pool = createOctokitPool(identity);
  return {
    async listInstallations() {
      const { app } = pool;
      const all = await call('list the installations', () =>
        app.paginate(app.rest.apps.listInstallations, { per_page: 100 }),
      );
      return all.filter(({ suspended_at }) => suspended_at === null).map(({ id }) => id);
    },

    async listRepositories(installationId) {
      const octokit = pool.ofInstallation(installationId);
      const all = await call('list the repositories of an installation', () =>
        octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 100 }),
      );
      return all
        .filter(({ archived }) => !archived)
        .map(
          ({ id, owner, name, default_branch, pushed_at, fork }): InstalledRepository => ({
            repository: { host, id, owner: owner.login, name, installationId },
            defaultBranch: default_branch,
            pushedAt: pushed_at === null ? 0 : Date.parse(pushed_at),
            isFork: fork,
          }),
        );
    },

    async listOwnIssues(repository, since) {
      const { owner, name: repo } = repository;
      const octokit = pool.of(repository);
      const slug = await readSlug(pool);
      const own = { owner, repo, creator: `${slug}[bot]`, per_page: 100 };
      const list = (state: 'open' | 'closed', newer: { since?: string }) =>
        call('list issues', () => octokit.paginate(octokit.rest.issues.listForRepo, { ...own, state, ...newer }));
      const [open, closed] = await Promise.all([
        list('open', {}),
        list('closed', { since: new Date(since).toISOString() }),
      ]);
      return [...open, ...closed]
        .filter((issue) => !issue.pull_request && isOurLogin(issue.user, slug))
        .map(toOwnIssue);
    },

    async openIssue(repository, { title, body }) {
      const { owner, name: repo } = repository;
      const { data } = await call('open an issue', () =>
        pool.of(repository).rest.issues.create({ owner, repo, title, body }),
      );
      return toOwnIssue(data);
    },
  };
}

function toOwnIssue({ number, title, body, state, user }: Omit<IssueData, 'reactions'>): OwnIssue {
  return {
    number,
    title,
    body: body ?? '',
    isOpen: state === 'open',
    author: { id: user?.id ?? 0, login: user?.login ?? 'ghost', kind: 'bot' },
  };
}
