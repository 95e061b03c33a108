// A local GitHub in which pull requests are opened, merged and looked at in short words.
import { here, repository, startWorld, type TestWorld } from './local-github-world.ts';

interface OpenedPull {
  readonly number: number;
  readonly headSha: string;
  readonly branch: string;
}

export interface PullWorld extends TestWorld {
  /** A pull request of a new branch, by default with a change of its own file. */
  openPull(options?: { files?: Record<string, string>; draft?: boolean; body?: string }): Promise<OpenedPull>;
  merge(number: number, sha?: string): Promise<{ data: { sha: string } }>;
  pullState(number: number): Promise<object | undefined>;
  botToken(): Promise<string>;
}

export async function startPullWorld(): Promise<PullWorld> {
  const world = await startWorld();
  const { control, asBot, asApp } = world;
  let count = 0;
  return {
    ...world,
    openPull: async ({ files, draft = false, body = '' } = {}) => {
      count += 1;
      const branch = `topic-${count}`;
      const content = files ?? { [`topic-${count}.txt`]: 'content\n' };
      await control.pushCommit({ as: 'alice', repository, branch, message: `Topic ${count}`, files: content });
      const opened = await control.openPull({ as: 'alice', repository, title: branch, head: branch, draft, body });
      return { ...opened, branch };
    },
    merge: (number, sha) =>
      asBot.rest.pulls.merge({ ...here, pull_number: number, ...(sha === undefined ? {} : { sha }) }),
    pullState: async (number) => {
      const { repositories } = await control.readState();
      return repositories[0]?.pulls.find((pull) => pull.number === number);
    },
    botToken: async () => {
      const options = { installation_id: world.installationId };
      return (await asApp.rest.apps.createInstallationAccessToken(options)).data.token;
    },
  };
}
