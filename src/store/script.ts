// A Lua script of the store: one file, one atomic step.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

export interface Script {
  readonly source: string;
  readonly sha: string;
}

export function readScript(name: string): Script {
  const source = readFileSync(new URL(`./script/${name}.lua`, import.meta.url), 'utf8');
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

/** Runs by hash; a server that does not know the script yet (a restart) gets its source once. */
export async function runScript(redis: Redis, script: Script, args: readonly (string | number)[]): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha, 0, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return await redis.eval(script.source, 0, ...args);
  }
}
