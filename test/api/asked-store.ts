// Requests of the API as the store keeps them, in memory: once per key, answered by whoever decides.
import type { ApiAnswer } from '../../src/core/model/decision.ts';
import type { Event } from '../../src/core/model/event.ts';
import type { SubjectId } from '../../src/core/model/subject.ts';
import type { AnswersPort } from '../../src/engine/port/answers.ts';
import type { StorePort } from '../../src/engine/port/store.ts';

export interface AskedStore extends Pick<StorePort, 'submit'>, AnswersPort {
  /** In the order in which they were kept. */
  readonly kept: { readonly subject: SubjectId; readonly event: Event }[];
  answer(key: string, answer: ApiAnswer): void;
}

export function createAskedStore(known: readonly SubjectId[]): AskedStore {
  const requests = new Map<string, { bodyHash: string; answer?: ApiAnswer }>();
  const kept: AskedStore['kept'] = [];
  return {
    kept,
    answer(key, answer) {
      const request = requests.get(key);
      if (request) request.answer = answer;
    },
    async submit({ subject, key, bodyHash, event }) {
      const request = requests.get(key);
      if (request?.answer) {
        return request.bodyHash === bodyHash ? { kind: 'answered', answer: request.answer } : { kind: 'mismatch' };
      }
      if (request) return { kind: request.bodyHash === bodyHash ? 'pending' : 'mismatch' };
      if (!known.includes(subject)) return { kind: 'unknown_subject' };
      requests.set(key, { bodyHash });
      kept.push({ subject, event });
      return { kind: 'kept' };
    },
    async readAnswer(key) {
      const request = requests.get(key);
      if (!request) return { kind: 'unknown' };
      return request.answer ? { kind: 'answered', answer: request.answer } : { kind: 'pending' };
    },
  };
}
