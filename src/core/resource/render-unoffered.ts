import { quote } from './parse-resource.ts';

/** Says which there are: nothing takes the place of what is not offered. */
export function renderUnoffered(what: 'driver' | 'model', name: string, offered: readonly string[]): string {
  return `The ${what} ${quote(name)} is not offered here; there are ${offered.map(quote).join(', ')}.`;
}
