// A model port without a model: what a script thinks goes through the same schema, the same validation and the same two
// repair rounds as a real reply, and costs what its tokens would.
import type { ModelPort, ModelUsage } from '../../src/engine/port/model.ts';
import { costOf, toTokens } from './price.ts';

/** `round` counts the rounds in which an answer was refused before this one. */
export type Think = (asked: { readonly prompt: string; readonly round: number }) => unknown;

const repairsAtMost = 2;
const model = { requested: 'scripted', used: 'scripted' };

export function createScriptedModel(think: Think): ModelPort & { readonly calls: () => number } {
  let calls = 0;
  return {
    calls: () => calls,
    decide(request) {
      const raw: string[] = [];
      let complaints: readonly string[] = [];
      let [inputTokens, outputTokens] = [0, 0];
      const usage = (): ModelUsage => ({
        requests: raw.length,
        inputTokens,
        outputTokens,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        costMicrodollars: costOf({ inputTokens, outputTokens }),
        exact: true,
      });
      for (let round = 0; round <= repairsAtMost; round += 1) {
        const value = think({ prompt: request.prompt, round });
        calls += 1;
        raw.push(JSON.stringify(value));
        inputTokens += toTokens(request.system.length + request.prompt.length + complaints.join('\n').length);
        outputTokens += toTokens(JSON.stringify(value).length);
        const parsed = request.schema.safeParse(value);
        complaints = parsed.success
          ? (request.validate?.(parsed.data) ?? [])
          : parsed.error.issues.map(({ message }) => message);
        if (parsed.success && complaints.length === 0) {
          request.onUsage?.(usage());
          const answer = { raw: raw.at(-1) ?? '', model, usage: usage(), repairs: round };
          return Promise.resolve({ kind: 'decided', value: parsed.data, ...answer });
        }
      }
      request.onUsage?.(usage());
      return Promise.resolve({ kind: 'unusable', raw, complaints, model, usage: usage() });
    },
  };
}
