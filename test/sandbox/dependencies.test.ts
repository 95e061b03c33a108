// The usual provider, which every day asks, and the lack of one, of which no conformance suite does.
import { describeDependencies } from './support/dependency-contract.ts';
import { users } from './support/subject.ts';

const providers = ['bubblewrap', 'none'] as const;

describeDependencies(
  providers.flatMap((provider) =>
    users.map((user) => ({ title: `${provider}, of a worker that is ${user}`, provider, user })),
  ),
);
