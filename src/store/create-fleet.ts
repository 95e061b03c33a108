// The one place for artifacts that all workers on this Redis share.
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { FleetPort } from '../engine/port/fleet.ts';
import { openScripts, type ScriptOptions } from './script.ts';

export function createFleet(redis: Redis, options: ScriptOptions): FleetPort {
  const run = openScripts(redis, options);
  return {
    async holdPlace({ place, host }, ttlMs) {
      const other = z.string().parse(await run('hold-place', [place, host, ttlMs]));
      return other === '' ? undefined : other;
    },
  };
}
