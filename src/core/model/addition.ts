import { z } from 'zod';

const Repositories = z
  .array(z.object({ id: z.number().int().positive(), full_name: z.string().regex(/^[^/\s]+\/[^/\s]+$/) }))
  .nullish();

const Change = z.discriminatedUnion('action', [
  z.object({ action: z.literal('created'), repositories: Repositories }),
  z.object({ action: z.literal('added'), repositories_added: Repositories }),
]);

/**
 * Who installs the App on a few repositories has chosen them, and is greeted in each. A whole account is not written to:
 * each of its repositories is when somebody uses the bot there.
 */
export const greetedAtMost = 5;

export interface Added {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
}

/** What an installation's webhook gives to us. */
export function parseAddition(change: unknown): readonly Added[] {
  const parsed = Change.safeParse(change);
  if (!parsed.success) return [];
  const { data } = parsed;
  const listed = data.action === 'created' ? data.repositories : data.repositories_added;
  return (listed ?? []).map(({ id, full_name }) => {
    const [owner = '', name = ''] = full_name.split('/');
    return { id, owner, name };
  });
}
