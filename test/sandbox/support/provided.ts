// Of which providers the conformance suite asks the whole contract: the usual one in `npm run endurance`, and each of the
// others, which take many minutes, in a project of its own.
import { inject } from 'vitest';
import type { ProviderName } from './open-provider.ts';
import { type Subject, users } from './subject.ts';

declare module 'vitest' {
  interface ProvidedContext {
    sandbox: ProviderName;
  }
}

export const providers: readonly ProviderName[] = [inject('sandbox')];

export const subjects: readonly Subject[] = providers.flatMap((provider) =>
  users.map((user) => ({ title: `${provider}, of a worker that is ${user}`, provider, user })),
);
