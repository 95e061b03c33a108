import { z } from 'zod';

const most = 500;

/**
 * A list from an agent, of which the first entries are looked at and no others: every entry that is wrong costs a complaint,
 * and a line of an agent has room for millions. Without the expected shape it is empty.
 */
export function shortList<Entry extends z.ZodType>(entry: Entry) {
  const list = z.array(entry).catch([]);
  return z.preprocess((value) => (Array.isArray(value) ? value.slice(0, most) : []), list);
}
