// Finds the route of a path. Done here and not by Hono's router because templates are kept in GitHub's notation, and
// because some parameters hold slashes: branch names, paths, comparisons.
import type { Route } from './route.ts';

const withSlashes = new Set(['path', 'ref', 'branch', 'basehead']);

export interface RouteMatch {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

export type RouteFinder = (method: string, path: string) => RouteMatch | undefined;

export function createRouteFinder(routes: readonly Route[]): RouteFinder {
  const patterns = routes.map((route) => ({ route, pattern: patternOf(route.template) }));
  return (method, path) => {
    for (const { route, pattern } of patterns) {
      const match = route.method === method ? pattern.exec(path) : null;
      const parameters = match && decode(match.groups ?? {});
      if (parameters) return { route, parameters };
    }
    return undefined;
  };
}

function patternOf(template: string): RegExp {
  const source = template
    .split(/\{(\w+)\}/)
    .map((part, position) => {
      if (position % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return `(?<${part}>${withSlashes.has(part) ? '.+?' : '[^/]+'})`;
    })
    .join('');
  return new RegExp(`^${source}/?$`);
}

/** Undefined for a path that is not well encoded. */
function decode(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}
