import { z } from 'zod';

/** A text by somebody without write permission, and exactly what it said: the thread's own text, or one of its comments. */
export const VouchedText = z.object({
  /** `thread`, or the id of a comment. */
  id: z.string(),
  author: z.string(),
  hash: z.string(),
});
export type VouchedText = z.infer<typeof VouchedText>;

/** Somebody with write permission looked at what people without it wrote here, and agents may read exactly that. */
export const Vouch = z.object({
  by: z.string(),
  /** By GitHub's clock, to the second (epoch ms): what was edited then or later is not what was looked at. */
  since: z.number(),
  texts: z.array(VouchedText),
});
export type Vouch = z.infer<typeof Vouch>;

/** Somebody with write permission looked at a commit of a fork, and exactly that may be executed in sandboxes. */
export const VouchedHead = z.object({ by: z.string(), head: z.string(), at: z.number() });
export type VouchedHead = z.infer<typeof VouchedHead>;

/** What somebody without write permission wrote, as it is now. */
export interface StrangerText {
  readonly id: string;
  readonly author: string;
  readonly hash: string;
  readonly chars: number;
  /** When it was written or edited last, by GitHub's clock, to the second (epoch ms). */
  readonly editedAt: number;
}

/** Whether it says exactly what somebody vouched for. */
export function isVouched(
  vouch: Vouch | undefined,
  { id, author, hash }: Pick<StrangerText, 'id' | 'author' | 'hash'>,
): boolean {
  return vouch?.texts.some((text) => text.id === id && text.author === author && text.hash === hash) ?? false;
}
