// Lists of GitHub, page by page, as far as somebody looks.
export const pageSize = 100;

/** `read` asks for that page of `pageSize`, counted from one; what comes after `pagesAtMost` of them is left out. */
export async function readPages<T>(
  pagesAtMost: number,
  read: (page: number) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let page = 1; page <= pagesAtMost; page += 1) {
    const items = await read(page);
    all.push(...items);
    if (items.length < pageSize) break;
  }
  return all;
}
