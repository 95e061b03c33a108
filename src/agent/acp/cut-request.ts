import { z } from 'zod';
import { shortList } from './short-list.ts';

const name = z.string().max(1_000);
const kinds: readonly string[] = ['allow_once', 'allow_always', 'reject_once', 'reject_always'];
const permission = z.object({
  sessionId: name,
  toolCall: z.object({ toolCallId: name, kind: name.optional().catch(undefined) }),
  options: shortList(z.object({ optionId: name, kind: name })),
});

/**
 * What an agent asks for, cut down to what is looked at before it is answered: the rest can be of any size and depth (a whole
 * file that is to be changed), and what the library does not understand it sends back with a complaint about each part.
 */
export function cutRequest(method: string, params: unknown): unknown {
  if (method !== 'session/request_permission') return {};
  const parsed = permission.safeParse(params);
  if (!parsed.success) return {};
  const options = parsed.data.options.filter(({ kind }) => kinds.includes(kind));
  return { ...parsed.data, options: options.map((option) => ({ ...option, name: '' })) };
}
