// The whole state of the local GitHub, in memory. What is in git is only in git: see Repository.git.

import { join } from 'node:path';
import { createProcessStarter } from '../../../subprocess/process-starter.ts';
import { Git } from '../git/git.ts';
import type { Account } from './account.ts';
import type { App, Installation, Token } from './app.ts';
import { ChangeLog } from './change-log.ts';
import type { Delivery, DeliveryRule } from './delivery.ts';
import type { Fault } from './fault.ts';
import { HoldGate } from './hold-gate.ts';
import type { Repository } from './repository.ts';
import { maxRequestEntries, type RequestEntry } from './request-log.ts';

export interface WorldOptions {
  /** An existing folder of this process: bare repositories live below it. */
  readonly dataFolder: string;
  /** PATH for git. */
  readonly searchPath: string;
}

export class World {
  readonly dataFolder: string;
  readonly searchPath: string;
  /** Known once the ports are: `http://127.0.0.1:PORT`, without a path. */
  origin = '';
  /** Where the pages are: a browser that opens one of the API's `html_url`s is sent there. */
  pageOrigin = '';
  /** By lower-case login. */
  readonly accounts = new Map<string, Account>();
  readonly apps = new Map<number, App>();
  readonly installations = new Map<number, Installation>();
  /** By value. */
  readonly tokens = new Map<string, Token>();
  readonly repositories = new Map<number, Repository>();
  /** Ids by what repositories were called before, in lower case: requests are redirected. */
  readonly formerNames = new Map<string, number>();
  /** Unused codes of the manifest flow, and the App each one is for. */
  readonly manifestCodes = new Map<string, number>();
  readonly deliveries: Delivery[] = [];
  readonly deliveryRules: DeliveryRule[] = [];
  /** What sends the deliveries that a rule holds back. */
  readonly heldDeliveries: (() => void)[] = [];
  readonly requests: RequestEntry[] = [];
  faults: Fault[] = [];
  /** Every request of an App is answered 503. Webhooks are sent all the same. */
  isDown = false;
  /** Lists do not show what is younger than this. */
  listLagMs = 0;
  /** Merge queues are looked at after every check and every change of a ref, which merging from them makes itself. */
  followQueues: (repository: Repository) => Promise<void> = async () => undefined;
  /** What runs git, so that this process goes on meanwhile. */
  readonly #starter = createProcessStarter();
  readonly changes = new ChangeLog();
  readonly holds = new HoldGate();
  #clockOffsetMs = 0;
  #lastId = 1000;
  #requestCount = 0;

  constructor(options: WorldOptions) {
    this.dataFolder = options.dataFolder;
    this.searchPath = options.searchPath;
  }

  /** Epoch ms on this GitHub's clock. */
  now(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  /** Whether lists show yet what was made at this moment. */
  isListed(createdAt: number): boolean {
    return this.listLagMs === 0 || createdAt <= this.now() - this.listLagMs;
  }

  moveClock(byMs: number): void {
    this.#clockOffsetMs += byMs;
  }

  /** One sequence for everything, so that two things never share an id by accident. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Home folder of git: empty, and nobody's. */
  get homeFolder(): string {
    return join(this.dataFolder, 'home');
  }

  /** The bare repository of a repository of that name, which need not exist yet. */
  gitOf(fullName: string): Git {
    const folder = join(this.dataFolder, 'repositories', `${fullName.toLowerCase()}.git`);
    return new Git({ folder, home: this.homeFolder, searchPath: this.searchPath, runProcess: this.#starter.run });
  }

  addRequest(entry: Omit<RequestEntry, 'index'>): RequestEntry {
    this.#requestCount += 1;
    const logged = { index: this.#requestCount, ...entry };
    this.requests.push(logged);
    if (this.requests.length > maxRequestEntries) this.requests.shift();
    return logged;
  }

  addDelivery(delivery: Delivery): void {
    this.deliveries.push(delivery);
    if (this.deliveries.length > maxRequestEntries) this.deliveries.shift();
  }
}
