import type { Call } from './call.ts';
import { type Answer, ok } from './route.ts';

const defaultPageSize = 30;
const maxPageSize = 100;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly headers: Readonly<Record<string, string>>;
}

/** The asked-for page and its `Link` header. */
export function pageOf<Item>(call: Call, items: readonly Item[]): Page<Item> {
  const size = Math.min(maxPageSize, positive(call.query.get('per_page')) ?? defaultPageSize);
  const page = positive(call.query.get('page')) ?? 1;
  const last = Math.max(1, Math.ceil(items.length / size));
  const links: string[] = [];
  const link = (to: number, relation: string) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(to));
    links.push(`<${call.world.origin}/api/v3${call.path}?${query}>; rel="${relation}"`);
  };
  if (page > 1) link(page - 1, 'prev');
  if (page < last) link(page + 1, 'next');
  if (page < last) link(last, 'last');
  if (page > 1) link(1, 'first');
  return {
    items: items.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

/** A page as a JSON list. */
export async function listPage<Item>(
  call: Call,
  items: readonly Item[],
  view: (item: Item) => unknown,
): Promise<Answer> {
  const page = pageOf(call, items);
  return { ...ok(await Promise.all(page.items.map(view))), headers: page.headers };
}

/** A page inside an object, as GitHub does for checks, installations and repositories. */
export async function wrappedPage<Item>(
  call: Call,
  of: {
    name: string;
    items: readonly Item[];
    view: (item: Item) => unknown;
    extra?: Readonly<Record<string, unknown>>;
  },
): Promise<Answer> {
  const page = pageOf(call, of.items);
  const list = await Promise.all(page.items.map(of.view));
  return { ...ok({ total_count: of.items.length, ...of.extra, [of.name]: list }), headers: page.headers };
}

function positive(text: string | null): number | undefined {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value > 0 ? value : undefined;
}
