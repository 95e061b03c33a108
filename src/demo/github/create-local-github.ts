// Both ports in this process. Who starts it must never wait synchronously for git that talks to it: use
// start-local-github.ts unless this process does nothing else.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { followQueues } from './action/merge-queue.ts';
import { createControlApp } from './control/control-app.ts';
import { createApiApp } from './rest/api-app.ts';
import { World } from './state/world.ts';

export interface LocalGithubOptions {
  /** An existing folder that is this GitHub's alone. */
  readonly dataFolder: string;
  /** PATH for git. */
  readonly searchPath: string;
  /** 0: any free port. */
  readonly port: number;
  readonly controlPort: number;
}

export interface LocalGithub {
  /** `http://127.0.0.1:PORT`; REST is below `/api/v3`. */
  readonly apiUrl: string;
  readonly controlUrl: string;
  stop(): Promise<void>;
}

export async function createLocalGithub(options: LocalGithubOptions): Promise<LocalGithub> {
  const world = new World(options);
  world.followQueues = (repository) => followQueues(world, repository);
  const api = await listen(createApiApp(world).fetch, options.port);
  const control = await listen(createControlApp(world).fetch, options.controlPort);
  world.origin = api.url;
  world.pageOrigin = control.url;
  return {
    apiUrl: api.url,
    controlUrl: control.url,
    stop: async () => {
      await Promise.all([api.stop(), control.stop()]);
    },
  };
}

type Fetch = Parameters<typeof serve>[0]['fetch'];

async function listen(fetch: Fetch, port: number): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = await new Promise<Server>((resolve, reject) => {
    const started = serve({ fetch, port, hostname: '127.0.0.1' }, () => resolve(started as Server));
    started.once('error', reject);
    // Longer than clients keep an idle connection: one that is closed under a request looks like a fault.
    (started as Server).keepAliveTimeout = 120_000;
  });
  // An address and not a pipe: it listens on a port.
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
