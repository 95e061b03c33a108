const textsKept = 500;

/**
 * What was read from a text before, frozen: the same text is read again and again, and whoever changed what was loaded
 * would be found out.
 */
export class Reader<T> {
  readonly #known = new Map<string, T>();
  readonly #parse: (value: unknown) => T;

  constructor(parse: (value: unknown) => T) {
    this.#parse = parse;
  }

  read(text: string): T {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const value = freeze(this.#parse(JSON.parse(text)));
    if (this.#known.size >= textsKept) this.#known.clear();
    this.#known.set(text, value);
    return value;
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}
