import { z } from 'zod';

/**
 * Where something was said that does not stand in the conversation of its thread: beside a line of what a pull request
 * changes, or as the text of a review. GitHub counts each of the three by itself, so that a number alone names no comment.
 */
export const CommentPlace = z.enum(['line', 'review']);
export type CommentPlace = z.infer<typeof CommentPlace>;

/** The whole name of a comment. */
export interface CommentName {
  readonly commentId: number;
  /** Absent: in the conversation. */
  readonly place?: CommentPlace | undefined;
}

/** One comment is one, whatever tells of it. By how this begins the store knows what may be told of at any time. */
export function toCommentKey({ commentId, place }: CommentName): string {
  return place === undefined ? `comment/${commentId}` : `comment/${place}/${commentId}`;
}
