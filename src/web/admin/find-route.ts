import type { Handle } from './call.ts';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Segments that begin with a colon stand for anything. */
  readonly path: string;
  readonly handle: Handle;
}

export interface Found {
  readonly handle: Handle;
  readonly params: Readonly<Record<string, string>>;
}

export function findRoute(routes: readonly Route[], method: string, path: string): Found | undefined {
  const given = path.split('/').map(decode);
  for (const route of routes) {
    const wanted = route.path.split('/');
    if (route.method !== method || wanted.length !== given.length) continue;
    if (!wanted.every((segment, index) => (segment.startsWith(':') ? given[index] : segment === given[index])))
      continue;
    const pairs = wanted.flatMap((segment, index) =>
      segment.startsWith(':') ? [[segment.slice(1), given[index] ?? '']] : [],
    );
    return { handle: route.handle, params: Object.fromEntries(pairs) as Record<string, string> };
  }
  return undefined;
}

/** Each segment by itself, so that a slash in a name does not part it. What cannot be decoded matches nothing. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
