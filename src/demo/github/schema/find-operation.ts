import type { SliceOperation } from './slice.ts';

export interface FoundOperation {
  operation: SliceOperation;
  /** Decoded values of the path's parameters. */
  parameters: Record<string, string>;
}

/** Finds the operation for a method and a path without query, undefined when the slice has none. */
export function createOperationFinder(
  operations: readonly SliceOperation[],
): (method: string, path: string) => FoundOperation | undefined {
  // More fixed text is more specific: `…/commits/{ref}/check-runs` is tried before `…/commits/{ref}`.
  const routes = operations
    .map((operation) => ({ operation, pattern: patternOf(operation), fixedLength: fixedLength(operation.path) }))
    .toSorted((left, right) => right.fixedLength - left.fixedLength);

  return (method, path) => {
    for (const { operation, pattern } of routes) {
      if (operation.method !== method.toUpperCase()) continue;
      const match = pattern.exec(path);
      if (match) return { operation, parameters: decodeGroups(match.groups ?? {}) };
    }
    return undefined;
  };
}

function patternOf(operation: SliceOperation): RegExp {
  const source = operation.path.replaceAll(/\/\{(\w+)\}|[.*+?^$()[\]\\|]/g, (text, name: string | undefined) => {
    if (name === undefined) return `\\${text}`;
    // The path of a file or folder is empty for the root, whose slash may be missing too.
    if (name === 'path') return '(?:/(?<path>.*))?';
    return operation.multiSegment.includes(name) ? `/(?<${name}>.+)` : `/(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${source}$`);
}

function fixedLength(path: string): number {
  return path.replaceAll(/\{\w+\}/g, '').length;
}

function decodeGroups(groups: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value ?? '')]));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
