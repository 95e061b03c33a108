// Another App on the same GitHub, which comments as its own bot. Files share a GitHub, and names are taken once.
import { randomInt } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { Stack } from '../../src/demo/stack/start-stack.ts';

export interface OtherApp {
  readonly slug: string;
  comment(repository: string, number: number, body: string): Promise<number>;
}

export async function startOtherApp({ control, github }: Stack, account: string): Promise<OtherApp> {
  const { appId, slug, privateKey } = await control.createApp({ name: `Other Bot ${randomInt(1_000_000)}` });
  const { installationId } = await control.installApp({ appId, repositories: { allOf: account } });
  const octokit = new Octokit({
    authStrategy: createAppAuth,
    auth: { appId, privateKey, installationId },
    baseUrl: github.apiUrl.endsWith('/api/v3') ? github.apiUrl : `${github.apiUrl}/api/v3`,
  });
  return {
    slug,
    async comment(repository, number, body) {
      const [owner = '', repo = ''] = repository.split('/');
      const { data } = await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });
      return data.id;
    },
  };
}
