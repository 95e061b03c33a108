// What an operator may ask to have deleted, and what becomes of it.
import type { SubjectId } from '../../core/model/subject.ts';

export interface ForgetRequest {
  readonly subject: SubjectId;
  readonly actor: string;
  readonly reason?: string | undefined;
}

export type Forgotten =
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused' | 'vetoed'; readonly why: string };
