import type { AnswerFault, Fault, KillTarget } from './chaos-plan.ts';
import type { Random } from './random.ts';

interface FaultOptions {
  readonly kills: number;
  readonly workers: number;
  readonly isShort: boolean;
}

/** Of four kills, two hit a worker, one the web process and one Redis. */
const targets = ['worker', 'web', 'redis', 'worker'] as const;

const deliveryFaults = ['drop', 'double', 'delay', 'drop'] as const;
const events = ['issues', 'issue_comment', 'pull_request', '*'] as const;

const answerFaults: readonly AnswerFault[] = [
  'bad_gateway_after',
  'rate_limit',
  'slow',
  'secondary_limit',
  'bad_gateway_before',
  'timeout_after',
];

/** Writes are where an answer that is lost costs most. */
const routes = ['POST *', 'PATCH *', 'PUT *', '* *'] as const;

/** For each kill one fault of deliveries and one of answers; for every tenth an outage of everything. */
export function planFaults(random: Random, { kills, workers, isShort }: FaultOptions): Fault[] {
  const deadly = Array.from({ length: kills }, (_, index) => planKill(random, { index, workers }));
  const deliveries = Array.from({ length: kills }, (_, index) => planDelivery(random, index));
  const answers = Array.from({ length: kills }, (_, index) => planAnswer(random, { index, isShort }));
  const outages = Array.from({ length: Math.max(1, Math.floor(kills / 10)) }, () => ({
    kind: 'outage' as const,
    ms: isShort ? 2_000 : random.between(3_000, 8_000),
  }));
  return random.shuffle<Fault>([...deadly, ...deliveries, ...answers, ...outages]);
}

function planKill(random: Random, { index, workers }: { index: number; workers: number }): Fault {
  const kind = targets[index % targets.length] ?? 'worker';
  const target: KillTarget = kind === 'worker' ? { kind, index: random.between(0, workers - 1) } : { kind };
  const pauseMs = random.between(0, 2_500);
  // Half of the workers die at the worst moment that there is: a write has happened, and nobody has heard of it.
  const isAtWrite = kind === 'worker' && random.next() < 0.5;
  return { kind: 'kill', target, pauseMs, ...(isAtWrite ? { afterWrite: random.between(1, 6) } : {}) };
}

function planDelivery(random: Random, index: number): Fault {
  const how = deliveryFaults[index % deliveryFaults.length] ?? 'drop';
  return { kind: 'delivery', how, event: random.pick(events), count: random.between(1, 3) };
}

function planAnswer(random: Random, { index, isShort }: { index: number; isShort: boolean }): Fault {
  const chosen = answerFaults[index % answerFaults.length] ?? 'slow';
  // A client waits half a minute for an answer that never comes.
  const how = isShort && chosen === 'timeout_after' ? 'slow' : chosen;
  return { kind: 'answer', how, route: random.pick(routes), count: how === 'timeout_after' ? 1 : random.between(1, 3) };
}
