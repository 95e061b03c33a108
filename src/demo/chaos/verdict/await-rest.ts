// Waits until everything rests: GitHub shows no work, the store holds none, and no process is left. What rests at one
// look might still move, so it is looked at twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { redisPrefix } from '../../../process/open-foundation.ts';
import { createStore } from '../../../store/create-store.ts';
import type { RepositorySnapshot } from '../../github/state/snapshot.ts';
import type { Stack } from '../../stack/start-stack.ts';
import type { Services } from '../fault/open-services.ts';
import type { LoadStage } from '../load/load-stage.ts';
import { findLeftovers } from './find-leftovers.ts';
import type { Finding } from './finding.ts';
import { judge } from './judge.ts';
import { listUndelivered } from './list-undelivered.ts';
import { readUnsettled } from './read-unsettled.ts';

export interface Rest {
  readonly repositories: readonly RepositorySnapshot[];
  /** The verdict from GitHub's side. */
  readonly findings: readonly Finding[];
  /** Sandboxes and agents that outlived their run. */
  readonly leftovers: readonly Finding[];
  /** What the store still holds. */
  readonly unsettled: readonly Finding[];
  /** How long it took until everything rested, or the whole time that there was. */
  readonly seconds: number;
}

interface RestStage {
  readonly stack: Stack;
  readonly folder: string;
  readonly stage: LoadStage;
  readonly services: Services;
  readonly print: (line: string) => void;
}

const pauseMs = 3_000;
const tellEveryLooks = 10;

export async function awaitRest(rest: RestStage): Promise<Rest> {
  const { stage, print } = rest;
  const startedAt = Date.now();
  const redis = new Redis(rest.stack.redis.url);
  redis.on('error', () => undefined);
  const store = createStore(redis, { prefix: redisPrefix });
  const look = async (): Promise<Rest> => {
    const repositories = await Promise.all(
      stage.repositories.map((repository) => stage.control.readRepository({ repository })),
    );
    return {
      repositories,
      findings: [...judge(repositories, stage.bot), ...(await findUndelivered(rest))],
      leftovers: findLeftovers(rest.folder, listKnown(rest)),
      unsettled: await readUnsettled(store),
      seconds: Math.round((Date.now() - startedAt) / 1000),
    };
  };
  try {
    let seen = await look();
    for (let quiet = 0, looks = 1; quiet < 1 || !isResting(seen); looks += 1) {
      if (stage.signal.aborted) break;
      quiet = isResting(seen) ? quiet + 1 : 0;
      if (looks % tellEveryLooks === 0) print(`        still waiting for: ${tell(seen)}`);
      await sleep(pauseMs, undefined, { signal: stage.signal }).catch(() => undefined);
      seen = await look();
    }
    return seen;
  } finally {
    redis.disconnect();
  }
}

/** What is there twice does not go away by waiting. */
function isResting({ findings, leftovers, unsettled }: Rest): boolean {
  const isMoving = findings.some(({ kind }) => kind === 'lost' || kind === 'stuck');
  return !isMoving && leftovers.length === 0 && unsettled.length === 0;
}

function tell({ findings, leftovers, unsettled }: Rest): string {
  return [...findings, ...leftovers, ...unsettled].map(({ where, what }) => `${where} ${what}`).join(' · ');
}

/** GitHub's own log: what was sent and never arrived is lost, whatever came of it otherwise. */
async function findUndelivered({ stage }: RestStage): Promise<Finding[]> {
  const undelivered = listUndelivered(await stage.control.readDeliveries({}));
  return undelivered.map(({ event, action, guid, state }): Finding => {
    return { kind: 'lost', where: `delivery ${guid}`, what: `${event}.${action ?? ''} was never taken (${state})` };
  });
}

/** This process, and those that it keeps up. */
function listKnown({ services }: RestStage): Set<number> {
  return new Set([process.pid, ...services.all.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))]);
}
