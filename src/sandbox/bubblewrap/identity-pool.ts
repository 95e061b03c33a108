// Who a sandbox is on the host. Under a root worker each workspace belongs to a user of its own while a sandbox is open
// over it, because the kernel lets root of the host do things from inside that no namespace takes away. Any other
// worker runs its sandboxes as itself, in a user namespace.
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { ExternalError } from '../../engine/external-error.ts';
import { SandboxRefused } from '../../engine/port/sandbox.ts';
import type { RunTool } from '../../subprocess/run-tool.ts';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export interface UidRange {
  readonly first: number;
  readonly count: number;
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
  readonly identity: Identity;
  readonly ready: Promise<void>;
  sandboxes: number;
}

export class IdentityPool {
  readonly #range: UidRange | undefined;
  readonly #runTool: RunTool;
  readonly #tenancies = new Map<string, Tenancy>();
  /** Without a range: how many sandboxes are open over each workspace. */
  readonly #guests = new Map<string, number>();
  /** Workspaces on their way back to the worker, which must not be handed out at the same time. */
  readonly #returns = new Map<string, Promise<void>>();

  /** Without a range, every sandbox runs as the worker. */
  constructor(range: UidRange | undefined, runTool: RunTool) {
    this.#range = range;
    this.#runTool = runTool;
  }

  /** Sandboxes that are open over one workspace at the same time share its user. */
  async acquire(workspace: string, others: readonly string[] = []): Promise<IdentityLease> {
    const all: Places = [workspace, ...others];
    if (!this.#range) return this.#enter(all);
    const tenancy = this.#tenancies.get(workspace) ?? this.#settle(all, this.#range);
    tenancy.sandboxes += 1;
    const release = () => this.#leave(all, tenancy);
    try {
      await tenancy.ready;
    } catch (error) {
      await release().catch(() => undefined);
      throw error;
    }
    return { identity: tenancy.identity, release };
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

  #settle([workspace, ...others]: Places, range: UidRange): Tenancy {
    const uid = this.#chooseUid(range);
    const identity = { uid, gid: uid };
    const tenancy = { identity, ready: this.#handOver([workspace, ...others], identity), sandboxes: 0 };
    this.#tenancies.set(workspace, tenancy);
    return tenancy;
  }

  /** By chance, so that two workers of one host seldom meet. If they do, their sandboxes still see nothing of each other. */
  #chooseUid({ first, count }: UidRange): number {
    const taken = new Set([...this.#tenancies.values()].map(({ identity }) => identity.uid));
    if (taken.size >= count) throw new SandboxRefused('uid', `all ${count} users of the range are in use`);
    let uid = first + randomInt(count);
    while (taken.has(uid)) uid = uid + 1 < first + count ? uid + 1 : first;
    return uid;
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
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const back = forEach(places, (path) => changeOwner(this.#runTool, path, owner)).finally(() =>
      this.#returns.delete(workspace),
    );
    this.#returns.set(workspace, back);
    await back;
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
