// Structured calls: one question, one checked value. Every request goes through the gateway under a grant that lives as
// long as the decision, so what was used is counted there, whatever happens here.
import type { ModelMessage } from 'ai';
import { ExternalError } from '../engine/external-error.ts';
import {
  type Decided,
  type DecideRequest,
  type ModelGateway,
  type ModelLimits,
  type ModelPort,
  type ModelUsage,
  OutOfBudget,
} from '../engine/port/model.ts';
import { askOnce } from './ask-once.ts';
import { askPatiently } from './ask-patiently.ts';
import { createLanguageModel } from './language-model.ts';
import { maxTriesBeforeAnother, openModelChain } from './open-model-chain.ts';

export interface ModelOptions {
  readonly gateway: ModelGateway;
  /** Those that are offered, the usual one first. */
  readonly models: Names;
  /** For one decision with its retries and repairs; a chain may make a few requests more. */
  readonly limits?: ModelLimits;
  readonly backoffMs?: number;
}

const maxRepairs = 2;
const maxQuotedLength = 20_000;

export function createModel(options: ModelOptions): ModelPort {
  const { gateway, models, limits = { tokens: 2_000_000, requests: 12 }, backoffMs = 1_000 } = options;
  return {
    async decide<Value>(request: DecideRequest<Value>): Promise<Decided<Value>> {
      const { run, role, attempt = '1', timeoutMs } = request;
      const names = toNames(request.models, models);
      const requests = limits.requests + maxTriesBeforeAnother * (names.length - 1);
      const own = { ...narrow(limits, request.limits), requests, models: names };
      const grant = gateway.grantHost({ run, role, attempt, limits: own });
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
      const chain = openModelChain(names, models, { deadline: Date.now() + timeoutMs, signal });
      try {
        const decision = await decideInRounds(request, (messages) =>
          chain.ask((turn) => {
            const model = createLanguageModel(gateway.provider, turn.model, grant);
            const ask = () => askOnce({ model, request, messages, signal: turn.signal });
            return askPatiently(ask, { ...turn, backoffMs });
          }),
        );
        return { ...decision, model: chain.use(), usage: await grant.revoke() };
      } catch (error) {
        request.signal?.throwIfAborted();
        if (!timeout.aborted) throw error;
        const { why } = chain.use();
        const before = why === undefined ? '' : `; before: ${why}`;
        throw new ExternalError({
          system: 'model',
          message: `no answer within ${timeoutMs} ms${before}`,
          retry: 'soon',
        });
      } finally {
        const usage = await grant.revoke();
        request.onUsage?.(usage);
      }
    },
  };
}

type Names = readonly [string, ...string[]];

function toNames([first, ...rest]: readonly string[] = [], [usual]: Names): Names {
  return first === undefined ? [usual] : [first, ...rest];
}

function narrow(limits: ModelLimits, { tokens, microUsd }: DecideRequest<unknown>['limits'] = {}): ModelLimits {
  return {
    ...limits,
    tokens: Math.min(limits.tokens, tokens ?? limits.tokens),
    ...(microUsd === undefined ? {} : { microUsd: Math.min(microUsd, limits.microUsd ?? microUsd) }),
  };
}

type Ask<Value> = (messages: ModelMessage[]) => ReturnType<typeof askOnce<Value>>;

async function decideInRounds<Value>(
  request: DecideRequest<Value>,
  ask: Ask<Value>,
): Promise<Unmetered<Decided<Value>>> {
  const messages: ModelMessage[] = [{ role: 'user', content: request.prompt }];
  const raw: string[] = [];
  let complaints: readonly string[] = [];
  for (let round = 0; ; round += 1) {
    const answer = await ask(messages).catch((error: unknown) => {
      // Whoever asked may still make something of the answers that were paid for.
      if (error instanceof OutOfBudget && raw.length > 0) return undefined;
      throw error;
    });
    if (!answer) return { kind: 'unusable', raw, complaints };
    if (answer.kind === 'good') return { kind: 'decided', value: answer.value, raw: answer.raw, repairs: round };
    raw.push(answer.raw);
    complaints = answer.complaints;
    if (round === maxRepairs) return { kind: 'unusable', raw, complaints };
    messages.push(
      { role: 'assistant', content: answer.raw.trim().slice(0, maxQuotedLength) || '(no answer)' },
      { role: 'user', content: renderComplaints(complaints) },
    );
  }
}

type Unmetered<Decision> = Decision extends { readonly usage: ModelUsage } ? Omit<Decision, 'usage' | 'model'> : never;

function renderComplaints(complaints: readonly string[]): string {
  const list = complaints.map((complaint) => `- ${complaint}`).join('\n');
  return `That answer cannot be used:\n${list}\nAnswer again with the whole JSON object and nothing else.`;
}
