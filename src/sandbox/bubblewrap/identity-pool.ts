// Who a sandbox is on the host. Under a root worker each workspace belongs to a user of its own while a sandbox is open
// over it, because the kernel lets root of the host do things from inside that no namespace takes away. Any other
// worker runs its sandboxes as itself, in a user namespace.
import { existsSync } from 'node:fs';
import { ExternalError } from '../../engine/external-error.ts';
import type { RunTool } from '../../subprocess/run-tool.ts';
import type { ClaimUser } from './user-claim.ts';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export interface IdentityLease {
  /** Undefined: the worker's own. */
  readonly identity: Identity | undefined;
  /** Gives the workspace back, once the last sandbox over it is closed. */
  release(): Promise<void>;
}

/** The workspace, by which a tenancy is known, and what is written besides. */
type Places = readonly [string, ...string[]];

interface Tenancy {
  /** Once the workspace is handed over. */
  readonly identity: Promise<Identity>;
  /** Gives the user back, if there ever was one. */
  readonly end: () => Promise<void>;
  sandboxes: number;
}

export class IdentityPool {
  readonly #claimUser: ClaimUser | undefined;
  readonly #runTool: RunTool;
  readonly #tenancies = new Map<string, Tenancy>();
  /** Where they run as the worker: how many sandboxes are open over each workspace. */
  readonly #guests = new Map<string, number>();
  /** Workspaces on their way back to the worker, which must not be handed out at the same time. */
  readonly #returns = new Map<string, Promise<void>>();

  /** Without users of their own, all sandboxes run as the worker. */
  constructor(claimUser: ClaimUser | undefined, runTool: RunTool) {
    this.#claimUser = claimUser;
    this.#runTool = runTool;
  }

  /** Sandboxes that are open over one workspace at the same time share its user. */
  async acquire(workspace: string, others: readonly string[] = []): Promise<IdentityLease> {
    const all: Places = [workspace, ...others];
    if (!this.#claimUser) return this.#enter(all);
    const tenancy = this.#tenancies.get(workspace) ?? this.#settle(all, this.#claimUser);
    tenancy.sandboxes += 1;
    const release = () => this.#leave(all, tenancy);
    try {
      return { identity: await tenancy.identity, release };
    } catch (error) {
      await release().catch(() => undefined);
      throw error;
    }
  }

  /** Folders are opened when nobody is at work in them any more: what is looked at must not be swapped for a link meanwhile. */
  #enter(places: Places): IdentityLease {
    const [workspace] = places;
    this.#guests.set(workspace, (this.#guests.get(workspace) ?? 0) + 1);
    const release = async () => {
      const left = (this.#guests.get(workspace) ?? 1) - 1;
      if (left > 0) return void this.#guests.set(workspace, left);
      this.#guests.delete(workspace);
      await forEach(places, (path) => openFolders(this.#runTool, path));
    };
    return { identity: undefined, release };
  }

  #settle(places: Places, claimUser: ClaimUser): Tenancy {
    const claim = claimUser();
    const identity = claim.then(async ({ uid }) => {
      await this.#handOver(places, { uid, gid: uid });
      return { uid, gid: uid };
    });
    const end = () => claim.then((claimed) => claimed.giveBack()).catch(() => undefined);
    const tenancy = { identity, end, sandboxes: 0 };
    this.#tenancies.set(places[0], tenancy);
    return tenancy;
  }

  async #handOver(places: Places, identity: Identity): Promise<void> {
    await this.#returns.get(places[0])?.catch(() => undefined);
    await forEach(places, (path) => changeOwner(this.#runTool, path, identity));
  }

  async #leave(places: Places, tenancy: Tenancy): Promise<void> {
    const [workspace] = places;
    tenancy.sandboxes -= 1;
    if (tenancy.sandboxes > 0) return;
    this.#tenancies.delete(workspace);
    const back = this.#giveBack(places, tenancy);
    this.#returns.set(workspace, back);
    await back;
  }

  /** The user is somebody else's only after the files are not his any more. */
  async #giveBack(places: Places, tenancy: Tenancy): Promise<void> {
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    try {
      await forEach(places, (path) => changeOwner(this.#runTool, path, owner));
    } finally {
      await tenancy.end();
      this.#returns.delete(places[0]);
    }
  }
}

async function forEach(paths: readonly string[], act: (path: string) => Promise<void>): Promise<void> {
  for (const path of paths) await act(path);
}

/** Folders that were left without permissions could not even be removed by a worker that is not root. */
async function openFolders(runTool: RunTool, folder: string): Promise<void> {
  const closed = ['-type', 'd', '!', '-perm', '-700', '-exec', 'chmod', 'u+rwx', '{}', ';'];
  await runUnlessGone(runTool, folder, 'find', [folder, ...closed]);
}

/** Changes links themselves and never what they point to; takes the set-user-id bit of programs away. */
async function changeOwner(runTool: RunTool, folder: string, { uid, gid }: Identity): Promise<void> {
  await runUnlessGone(runTool, folder, 'chown', ['-RhP', `${uid}:${gid}`, folder]);
}

async function runUnlessGone(runTool: RunTool, folder: string, ...[tool, args]: Parameters<RunTool>): Promise<void> {
  try {
    await runTool(tool, args);
  } catch (error) {
    // A workspace that was removed needs nothing.
    if (!existsSync(folder)) return;
    const message = error instanceof Error ? error.message : String(error);
    throw new ExternalError({ system: 'sandbox', message, retry: 'soon', cause: error });
  }
}
