// What REST and git share: who asks is found out, the request is logged, faults and holds are applied, and whatever
// happens becomes an answer.
import { Refusal } from '../state/refusal.ts';
import type { RequestEntry } from '../state/request-log.ts';
import type { World } from '../state/world.ts';
import { authenticate } from './authenticate.ts';
import type { Caller } from './call.ts';
import { performWithFault, takeFault } from './fault.ts';
import type { Answer } from './route.ts';

/** `cut`: close the connection without an answer. `silence`: leave it open without one. */
export type Result = Answer | 'cut' | 'silence';

export interface Exchange {
  readonly world: World;
  readonly entry: RequestEntry;
  readonly authorization: string | undefined;
  /** Whether the request, when it succeeds, changes what people see: such a request can be held. */
  readonly isWrite: boolean;
  readonly perform: (caller: Caller) => Promise<Answer>;
  /** GitHub's REST and git say no in different forms. */
  readonly renderRefusal: (refusal: Refusal) => Answer;
  /** Told who asks, once known. */
  readonly onCaller?: (caller: Caller) => void;
}

export async function runExchange(exchange: Exchange): Promise<Result> {
  const { world, entry } = exchange;
  const startedAt = performance.now();
  const result = await holdIfAsked(exchange, await attempt(exchange));
  entry.durationMs = performance.now() - startedAt;
  entry.status = typeof result === 'string' ? null : result.status;
  entry.responseHeaders = typeof result === 'string' ? {} : (result.headers ?? {});
  entry.responseBody = typeof result === 'string' ? undefined : responseBody(entry, result);
  world.changes.add({
    at: world.now(),
    kind: 'request',
    detail: `${entry.method} ${entry.path} ${entry.status ?? result}`,
    ...(entry.caller === null ? {} : { actor: entry.caller }),
  });
  return result;
}

async function attempt(exchange: Exchange): Promise<Result> {
  const { world, entry } = exchange;
  try {
    const caller = identify(exchange);
    return await performWithFault(world, takeFault(world, entry), () => exchange.perform(caller));
  } catch (error) {
    if (error instanceof Refusal) return exchange.renderRefusal(error);
    // A bug of this program: said in the answer, where the test that met it can read it.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 500, body: { message } };
  }
}

function identify({ world, entry, authorization, onCaller }: Exchange): Caller {
  try {
    const caller = authenticate(world, authorization);
    entry.token = caller.kind;
    entry.caller = nameOf(caller);
    onCaller?.(caller);
    return caller;
  } catch (error) {
    entry.token = 'invalid';
    throw error;
  }
}

function nameOf(caller: Caller): string | null {
  switch (caller.kind) {
    case 'none':
      return null;
    case 'app':
      return caller.app.slug;
    case 'installation':
      return `${caller.app.slug}[bot]`;
    case 'person':
      return caller.account.login;
  }
}

async function holdIfAsked(exchange: Exchange, answer: Result): Promise<Result> {
  const { world, entry, isWrite } = exchange;
  const counts = isWrite && entry.token === 'installation' && typeof answer !== 'string' && answer.status < 300;
  const held = counts ? world.holds.enter(entry.index) : undefined;
  if (held === undefined) return answer;
  entry.held = 'waiting';
  world.changes.add({ at: world.now(), kind: 'held', detail: `${entry.method} ${entry.path}` });
  const drop = await held;
  entry.held = drop ? 'dropped' : 'released';
  return drop ? 'cut' : answer;
}

function responseBody(entry: RequestEntry, answer: Answer): unknown {
  if (entry.transport === 'git') return undefined;
  if (!answer.text) return answer.body;
  const { content } = answer.text;
  return typeof content === 'string' ? content : Buffer.from(content).toString();
}
