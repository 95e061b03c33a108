// Takes secrets out of structured data, for logs: by the names of keys, however they are written, and by the shape of
// every string. The result is a copy; what was shared or circular in the data is so in the copy.
import { redact } from './redact.ts';
import { judgeName, type NameKind } from './secret-name.ts';
import { redactedMark } from './secret-shape.ts';

const maxDepth = 40;
const tooDeep = '[too deep]';

/** What the names of the keys above a value say about it. */
type Place = NameKind;

/** Under a key with a secret's name every string is replaced, however deep. */
export function redactKeys(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return new KeyRedactor().copyEntries(object, 'open', 0);
}

class KeyRedactor {
  readonly #copies: Readonly<Record<Place, Map<object, unknown>>> = {
    open: new Map(),
    secret: new Map(),
    password: new Map(),
  };

  copyEntries(object: object, place: Place, depth: number): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    this.#copies[place].set(object, copy);
    for (const [key, entry] of object instanceof Error ? listErrorEntries(object) : Object.entries(object)) {
      const value = this.#copy(entry, enter(place, key), depth + 1);
      // Assigning would set the prototype when the key is __proto__.
      Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return copy;
  }

  #copy(value: unknown, place: Place, depth: number): unknown {
    if (typeof value === 'string') return place === 'open' || value === '' ? redact(value).text : redactedMark;
    if (typeof value === 'number' || typeof value === 'bigint') return place === 'password' ? redactedMark : value;
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    const known = this.#copies[place].get(value);
    if (known !== undefined) return known;
    if (depth >= maxDepth) return tooDeep;
    return Array.isArray(value) ? this.#copyArray(value, place, depth) : this.copyEntries(value, place, depth);
  }

  #copyArray(values: readonly unknown[], place: Place, depth: number): unknown[] {
    const copy: unknown[] = [];
    this.#copies[place].set(values, copy);
    for (const value of values) copy.push(this.#copy(value, place, depth + 1));
    return copy;
  }
}

/** What is named open below a secret is as secret as that. */
function enter(place: Place, key: string): Place {
  const own = judgeName(key);
  return place === 'password' || own === 'open' ? place : own;
}

/** What an error says is not enumerable, so it is listed by name. */
function listErrorEntries(error: Error): (readonly [key: string, value: unknown])[] {
  const { name, message, stack, cause } = error;
  return Object.entries({ ...error, name, message, stack, ...(cause === undefined ? {} : { cause }) });
}
