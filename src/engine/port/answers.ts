import type { ApiAnswer } from '../../core/model/decision.ts';

export type AnswerState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'answered'; readonly answer: ApiAnswer }
  | { readonly kind: 'unknown' };

/** How requests of the API stand, by their idempotency keys, for whoever only asks. */
export interface AnswersPort {
  readAnswer(key: string): Promise<AnswerState>;
}
