// The demo's world: a repository with a history, two people, a protected branch and two issues.
import type { ControlClient } from '../github/control-client.ts';
import { readVersion } from './published-version.ts';

export const repository = 'acme/errors';
export const maintainer = 'mona';
export const contributor = 'hubot-fan';

export interface World {
  /** The issue that the demo works on: three tasks in two batches. */
  readonly mainIssue: number;
  /** A small one that is left for whoever watches. */
  readonly playIssue: number;
  readonly installationId: number;
}

const policy = ['# How Gatepilot works in this repository.', 'verify:', '  commands:', '    - node --test', ''].join(
  '\n',
);

export async function seedWorld(control: ControlClient, appId: number): Promise<World> {
  const [older, newer] = await Promise.all([readVersion('4.0.0'), readVersion('4.1.0')]);
  const removed = Object.keys(older).filter((path) => !(path in newer));
  await control.createRepository({
    repository,
    description: 'Consistent error objects (the published versions of @fastify/error, one commit each)',
    source: {
      commits: [
        { message: 'Version 4.0.0', files: older, date: '2024-07-02T08:00:00Z' },
        {
          message: 'Version 4.1.0',
          files: { ...newer, ...Object.fromEntries(removed.map((path) => [path, null])) },
          date: '2025-02-19T08:00:00Z',
        },
        {
          message: 'Let Gatepilot verify changes',
          files: { '.github/gatepilot.yml': policy },
          date: '2025-02-20T08:00:00Z',
        },
      ],
    },
  });
  await control.createPerson({ login: maintainer, name: 'Mona Maintainer', roles: { [repository]: 'maintain' } });
  await control.createPerson({ login: contributor, name: 'A Reader', roles: { [repository]: 'read' } });
  const { installationId } = await control.installApp({ appId, repositories: [repository] });
  await control.protectBranch({ repository, branch: 'main', checks: [{ context: 'gatepilot/gate', appId }] });
  const main = await control.openIssue({ as: maintainer, repository, title: mainTitle, body: mainBody });
  const play = await control.openIssue({ as: maintainer, repository, title: playTitle, body: playBody });
  return { mainIssue: main.number, playIssue: play.number, installationId };
}

export const mainTitle = '`instanceof` is false for errors of a second copy of the package';

const example = [
  '```js',
  "const { createError } = require('@fastify/error')",
  "const { createError: other } = require('./copy/node_modules/@fastify/error')",
  "const A = createError('FST_ERR_A', 'a')",
  "const B = other('FST_ERR_A', 'a')",
  'console.log(new B() instanceof A) // false, should be true',
  '```',
].join('\n');

const mainBody = `When the package is installed twice (a plugin brings its own copy), an error that the other copy made is not \`instanceof\` the class of the same code here. Handlers that check for our errors miss it.

${example}

While at it: please export a \`FastifyError\` that every error of ours is an instance of, declare it in the types, and say in the README how \`instanceof\` behaves.`;

export const playTitle = 'Say in the README which Node.js versions are supported';

const playBody =
  'A short section "Supported versions" is enough: Node.js 20 and newer.\n\nLabel this issue with `pilot:run`, or comment `/pilot run`, to see it done.';
