// Injected faults: they replace the effect of a request, delay it, or hide that it happened.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../state/fault.ts';
import type { RequestEntry } from '../state/request-log.ts';
import type { World } from '../state/world.ts';
import type { Answer } from './route.ts';

/** `silence`: the client gets no answer, however long it waits. `cut`: its connection is closed instead. */
export type Outcome = Answer | 'silence' | 'cut';

/** Takes one hit off the first fault that fits. Only Apps are hit. */
export function takeFault(world: World, entry: RequestEntry): Pick<Fault, 'effect' | 'ended'> | undefined {
  if (entry.token !== 'app' && entry.token !== 'installation') return undefined;
  const name = `${entry.method} ${entry.template ?? entry.path}`;
  if (world.isDown) {
    entry.fault = 'outage';
    return { effect: { kind: 'unavailable' }, ended: Promise.withResolvers() };
  }
  const fault = world.faults.find(({ route, remaining }) => remaining > 0 && fits(route, name));
  if (!fault) return undefined;
  fault.remaining -= 1;
  entry.fault = fault.effect.kind;
  return fault;
}

function fits(pattern: string, name: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 'i').test(name);
}

export async function performWithFault(
  world: World,
  fault: Pick<Fault, 'effect' | 'ended'> | undefined,
  perform: () => Promise<Answer>,
): Promise<Outcome> {
  const effect = fault?.effect;
  switch (effect?.kind) {
    case undefined:
      return perform();
    case 'rate_limit':
      return rateLimited(world, effect.retryAfterSeconds);
    case 'secondary_limit':
      return secondaryLimited(effect.retryAfterSeconds);
    case 'primary_limit':
      return usedUp(world, effect.resetAfterSeconds);
    case 'unavailable':
      return { status: 503, body: { message: 'No server is currently available to service your request.' } };
    case 'cut':
      if (effect.when === 'after') await perform();
      return 'cut';
    case 'slow':
      await sleep(effect.delayMs);
      return perform();
    case 'held':
      await fault?.ended.promise;
      return perform();
    case 'bad_gateway':
      if (effect.when === 'after') await perform();
      return { status: 502, body: { message: 'Server Error' } };
    case 'timeout':
      if (effect.when === 'after') await perform();
      return 'silence';
  }
}

const limitsUrl = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';

function rateLimited(world: World, retryAfterSeconds: number): Answer {
  return {
    status: 429,
    body: { message: 'API rate limit exceeded for installation.', documentation_url: limitsUrl },
    headers: {
      'retry-after': String(retryAfterSeconds),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(world.now() / 1000) + retryAfterSeconds),
    },
  };
}

function usedUp(world: World, resetAfterSeconds: number): Answer {
  return {
    status: 403,
    body: { message: 'API rate limit exceeded for installation.', documentation_url: limitsUrl },
    headers: {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(world.now() / 1000) + resetAfterSeconds),
    },
  };
}

function secondaryLimited(retryAfterSeconds: number | undefined): Answer {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return {
    status: 403,
    body: { message, documentation_url: `${limitsUrl}#about-secondary-rate-limits` },
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  };
}
