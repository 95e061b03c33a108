// Rate limits are counted and reported but never enforced; a test that wants one injects it as a fault.
import type { World } from '../state/world.ts';
import type { Caller } from './call.ts';

const limit = 5000;
const windowMs = 3_600_000;

export class RateMeter {
  readonly #used = new Map<string, { used: number; resetAt: number }>();

  /** Counts one request. */
  count(world: World, caller: Caller): void {
    this.#entry(world, caller).used += 1;
  }

  read(world: World, caller: Caller) {
    const { used, resetAt } = this.#entry(world, caller);
    // None left would mean that this request, and every other one until the reset, was refused for that.
    return { limit, used, remaining: Math.max(1, limit - used), reset: Math.ceil(resetAt / 1000) };
  }

  headers(world: World, caller: Caller): Record<string, string> {
    const { used, remaining, reset } = this.read(world, caller);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-used': String(used),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': 'core',
    };
  }

  #entry(world: World, caller: Caller) {
    const key = keyOf(caller);
    const old = this.#used.get(key);
    if (old && old.resetAt > world.now()) return old;
    const fresh = { used: 0, resetAt: world.now() + windowMs };
    this.#used.set(key, fresh);
    return fresh;
  }
}

function keyOf(caller: Caller): string {
  switch (caller.kind) {
    case 'none':
      return 'anonymous';
    case 'app':
      return `app ${caller.app.id}`;
    case 'installation':
      return `installation ${caller.installation.id}`;
    case 'person':
      return `person ${caller.account.id}`;
  }
}
