// Asks the models of a chain in turn. The next one is asked only where that may help: the one before was away, overloaded or
// silent. Each has its part of the time that is left, and whoever has answered once is asked first from then on.
import type { ChainUse } from '../core/model/chain-use.ts';
import { redact } from '../core/sanitise/redact.ts';
import { ExternalError, type Retry } from '../engine/external-error.ts';
import { OutOfBudget } from '../engine/port/model.ts';

/** What one model is given for one answer. */
export interface Turn {
  readonly model: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly maxTries: number;
  readonly signal: AbortSignal;
}

export interface ModelChain {
  ask<Answer>(askOne: (turn: Turn) => Promise<Answer>): Promise<Answer>;
  /** Who was asked for, who answered last, and why it is another. */
  use(): ChainUse;
}

export interface ChainTime {
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** Aborted at the deadline at the latest. */
  readonly signal: AbortSignal;
}

const maxTries = 4;
/** One hiccup is waited for; whoever has two is away. */
export const maxTriesBeforeAnother = 2;

/** `names`: at least one. */
export function openModelChain(
  names: readonly [string, ...string[]],
  offered: readonly string[],
  { deadline, signal }: ChainTime,
): ModelChain {
  const chain = names.filter((name) => offered.includes(name));
  const reasons = names.filter((name) => !chain.includes(name)).map((name) => `${name} is not offered by this worker`);
  const retries: Retry[] = [];
  let place = 0;
  let used = chain[0] ?? names[0];
  return {
    async ask(askOne) {
      for (;;) {
        const model = chain[place];
        if (model === undefined) throw fail(reasons.join('; '), 'never');
        const left = chain.length - place;
        const patience = left === 1 ? { deadline, maxTries, signal } : toPart({ deadline, signal }, left);
        try {
          const answer = await askOne({ model, ...patience });
          used = model;
          return answer;
        } catch (error) {
          if (signal.aborted) throw error;
          const fault = patience.signal.aborted ? fail('no answer in its part of the time', 'soon') : error;
          if (!(fault instanceof ExternalError) || fault instanceof OutOfBudget) throw fault;
          retries.push(fault.retry);
          if (left === 1 || fault.retry === 'never')
            throw reasons.length === 0
              ? fault
              : fail(`${model}: ${fault.message}; before: ${reasons.join('; ')}`, whenAgain(retries));
          reasons.push(`${model}: ${redact(fault.message).text.slice(0, 200)}`);
          place += 1;
        }
      }
    },
    use: () => ({
      requested: names[0],
      used,
      ...(reasons.length === 0 ? {} : { why: reasons.join('; ').slice(0, 500) }),
    }),
  };
}

function toPart({ deadline, signal }: ChainTime, left: number): Omit<Turn, 'model'> {
  const partMs = Math.max(1, Math.ceil((deadline - Date.now()) / left));
  return {
    deadline: Date.now() + partMs,
    maxTries: maxTriesBeforeAnother,
    signal: AbortSignal.any([signal, AbortSignal.timeout(partMs)]),
  };
}

function fail(message: string, retry: Retry): ExternalError {
  return new ExternalError({ system: 'model', message, retry });
}

/** Whoever is there again first can go on; waiting mends nothing for what ended the chain before its end. */
function whenAgain(retries: readonly Retry[]): Retry {
  if (retries.at(-1) === 'never') return 'never';
  const moments = retries.flatMap((retry) => (typeof retry === 'object' ? [retry.at] : []));
  return moments.length === retries.length ? { at: Math.min(...moments) } : 'soon';
}
