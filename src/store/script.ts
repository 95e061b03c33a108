// The Lua scripts of the store: one file, one atomic step. The files in `script/shared` stand before each of them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { callRedis } from './call-redis.ts';

const shared = ['keys', 'inbox', 'delivery', 'permit', 'pot', 'outbox', 'census', 'request', 'alias'] as const;

const names = [
  'append',
  'append-live',
  'begin',
  'claim',
  'collect-deletions',
  'count-trouble',
  'forget-deletion',
  'heartbeat',
  'hold-place',
  'intake',
  'intake-for-counted',
  'intake-installation',
  'keep-deletion',
  'list-parked',
  'load',
  'look-again-at',
  'park',
  'read-log',
  'read-pots',
  'remove',
  'replay-parked',
  'save',
  'submit',
  'take-due',
  'take-due-deletions',
  'take-tokens',
] as const;
type ScriptName = (typeof names)[number];

interface Script {
  readonly source: string;
  readonly sha: string;
}

const scripts = new Map(names.map((name) => [name, readScript(name)]));

function readScript(name: ScriptName): Script {
  const source = [...shared.map((part) => `shared/${part}`), name].map(readSource).join('\n');
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

function readSource(name: string): string {
  return readFileSync(new URL(`./script/${name}.lua`, import.meta.url), 'utf8');
}

export interface ScriptOptions {
  /** Stands before all keys and holds their common hash tag. */
  readonly prefix: string;
  /** Only tests own a clock: otherwise each script reads the server's, the one that all processes share. */
  readonly clock?: { now(): number };
}

export type RunScript = (name: ScriptName, args: readonly (string | number)[]) => Promise<unknown>;

/** Runs by hash; a server that does not know the script yet (a restart) gets its source once. */
export function openScripts(redis: Redis, { prefix, clock }: ScriptOptions): RunScript {
  return async (name, args) => {
    const script = scripts.get(name);
    if (!script) throw new Error(`there is no script ${name}`);
    const moment = clock ? clock.now() : '';
    try {
      return await callRedis(() => redis.evalsha(script.sha, 1, prefix, moment, ...args));
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await callRedis(() => redis.eval(script.source, 1, prefix, moment, ...args));
    }
  };
}
