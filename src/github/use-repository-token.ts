// Has a client act with tokens for one repository. @octokit/auth-app would make them for the whole installation by itself.
import { setTimeout as sleep } from 'node:timers/promises';
import type { createAppAuth } from '@octokit/auth-app';
import { RequestError } from '@octokit/request-error';
import type { Octokit } from '@octokit/rest';

type AppAuth = ReturnType<typeof createAppAuth>;

export interface TokenScope {
  readonly installationId: number;
  readonly repositoryId: number;
}

/** Not every server of GitHub's knows a token at once. */
const unknownForMs = 5_000;
const pauseMs = 1_000;

/** `auth` keeps the tokens and makes one at a time for each scope. */
export function useRepositoryToken(client: Octokit, auth: AppAuth, { installationId, repositoryId }: TokenScope): void {
  const ask = (refresh: boolean) =>
    auth({ type: 'installation', installationId, repositoryIds: [repositoryId], refresh });
  /** Somebody else may have renewed it meanwhile. */
  const renew = async (refused: string) => {
    const known = await ask(false);
    return known.token === refused ? await ask(true) : known;
  };
  client.hook.wrap('request', async (send, options) => {
    let given = await ask(false);
    let isRenewed = false;
    for (;;) {
      try {
        options.headers.authorization = `token ${given.token}`;
        return await send(options);
      } catch (error) {
        if (!(error instanceof RequestError) || error.status !== 401) throw error;
        const isYoung = Date.now() - Date.parse(given.createdAt) < unknownForMs;
        if (isYoung) await sleep(pauseMs);
        else if (isRenewed) throw error;
        else {
          given = await renew(given.token);
          isRenewed = true;
        }
      }
    }
  });
}
